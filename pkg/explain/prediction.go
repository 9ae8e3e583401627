package explain

import (
	"dnn/pkg/graph"
	"dnn/pkg/model"
	"dnn/pkg/task"
)

// Prediction is one number that a net puts out for a row: the score of a class or of a label, or a number to predict. Scores are
// what the net gives, before any softmax or sigmoid that the loss applies.
type Prediction struct {
	Name string // of the class, the label or the target

	head   int     // of the net
	step   int     // from 0; of a net that has a prediction for each step
	column int     // of the net's output
	scale  float64 // brings the output to the target's unit, together with shift
	shift  float64
}

// At is the prediction for a step, from 0, of a net that has one for each step of a sequence; without it, it is that for the
// first.
func (p Prediction) At(step int) Prediction {
	p.step = step
	return p
}

// place is where the prediction for the first row lies in the net's output of that shape, and how far rows lie from each other.
func (p Prediction) place(out graph.Shape) (at, row int) {
	row = out[1:].Size()
	if out.Rank() == 3 {
		return p.step*out.Last() + p.column, row
	}
	return p.column, row
}

// Predictions lists what head k predicts: a score for each of its classes or labels, or the numbers of its targets. Of yes or
// no it lists both: the score of a no is minus that of a yes. Numbers are in the target's own unit, but for those that are
// learned as logarithms: these stay on that scale.
func Predictions(net *model.Network, k int) (list []Prediction) {
	h := &net.Heads[k]
	switch h.Kind {
	case task.Number:
		for i, name := range h.Columns {
			p := Prediction{Name: name, head: k, column: i, scale: 1}
			if h.Scaling != nil {
				if scale, shift, ok := h.Scaling.Linear(i); ok {
					p.scale, p.shift = scale, shift
				}
			}
			list = append(list, p)
		}
	case task.Binary:
		list = []Prediction{{Name: h.Classes[0], head: k, scale: -1}, {Name: h.Classes[1], head: k, scale: 1}}
	default:
		for i, name := range h.Classes {
			list = append(list, Prediction{Name: name, head: k, column: i, scale: 1})
		}
	}
	return list
}
