package model

import (
	"dnn/pkg/metrics"
)

// Answer is one number that a net puts out for a row: the score of a class or of a label, or a number to predict. Scores are
// what the last layer gives, before any softmax or sigmoid that the loss applies.
type Answer struct {
	Name string // of the class, the label or the target

	column int     // of the net's output
	scale  float64 // brings the output to Answer's unit, together with shift
	shift  float64
}

// Answers lists what a net can be asked about: its classes, labels or targets. A yes-or-no question has both answers: the
// score of a no is minus that of a yes where the net has one output for both. Numbers are in the target's own unit, but for
// those that are learned as logarithms: these stay on that scale.
func (n *Network) Answers() []Answer {
	t := n.Task()
	var list []Answer
	switch t.Kind {
	case metrics.Regression:
		for i, name := range t.Targets {
			a := Answer{Name: name, column: i, scale: 1}
			if s, ok := n.Schema.Target.Columns[i].Scaling(); ok && s.Log == "" {
				a.scale, a.shift = s.Scale, s.Shift
			}
			list = append(list, a)
		}
	case metrics.Binary:
		if !n.twoOutputs() {
			return []Answer{{Name: t.Classes[0], scale: -1}, {Name: t.Classes[1], scale: 1}}
		}
		fallthrough
	default:
		for i, name := range t.Classes {
			list = append(list, Answer{Name: name, column: i, scale: 1})
		}
	}
	return list
}
