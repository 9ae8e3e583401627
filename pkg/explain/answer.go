package explain

import (
	"dnn/pkg/graph"
	"dnn/pkg/model"
	"dnn/pkg/task"
)

// Answer is one number that a net puts out for a row: the score of a class or of a label, or a number to predict. Scores are
// what the net gives, before any softmax or sigmoid that the loss applies.
type Answer struct {
	Name string // of the class, the label or the target

	head   int     // of the net
	step   int     // from 0; of a net that has an answer for each step
	column int     // of the net's output
	scale  float64 // brings the output to Answer's unit, together with shift
	shift  float64
}

// At is the answer to a step, from 0, of a net that has one for each step of a sequence; without it, it is that to the first.
func (a Answer) At(step int) Answer {
	a.step = step
	return a
}

// place is where the answer to the first row lies in the net's output of that shape, and how far rows lie apart.
func (a Answer) place(out graph.Shape) (at, row int) {
	row = out[1:].Size()
	if out.Rank() == 3 {
		return a.step*out.Last() + a.column, row
	}
	return a.column, row
}

// Answers lists what head k can be asked about: its classes, labels or targets. A yes-or-no question has both answers: the
// score of a no is minus that of a yes. Numbers are in the target's own unit, but for
// those that are learned as logarithms: these stay on that scale.
func Answers(net *model.Network, k int) (list []Answer) {
	h := &net.Heads[k]
	switch h.Kind {
	case task.Number:
		for i, name := range h.Columns {
			a := Answer{Name: name, head: k, column: i, scale: 1}
			if h.Scaling != nil {
				if scale, shift, ok := h.Scaling.Linear(i); ok {
					a.scale, a.shift = scale, shift
				}
			}
			list = append(list, a)
		}
	case task.Binary:
		list = []Answer{{Name: h.Classes[0], head: k, scale: -1}, {Name: h.Classes[1], head: k, scale: 1}}
	default:
		for i, name := range h.Classes {
			list = append(list, Answer{Name: name, head: k, column: i, scale: 1})
		}
	}
	return list
}
