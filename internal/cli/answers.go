package cli

import (
	"math"
	"strconv"

	"dnn/pkg/metrics"
	"dnn/pkg/model"
)

// answers turns what a net puts out into what people want to know: the fields of an output row.
type answers struct {
	net   *model.Network
	task  metrics.Task
	prob  bool
	names []string
	own   []float64
	width int        // numbers a row
	top   *likeliest // nil: all that the net says
}

// field is one field of an answer: a word or a number.
type field struct {
	word   string
	number float64
	isWord bool
}

func newAnswers(n *model.Network, prob bool) *answers {
	a := &answers{net: n, task: n.Task(), prob: prob}
	switch a.task.Kind {
	case metrics.Regression:
		a.names, a.width = a.task.Targets, len(a.task.Targets)
	case metrics.MultiLabel:
		a.width = len(a.task.Classes)
		for _, label := range a.task.Classes {
			a.names = append(a.names, label)
			if prob {
				a.names = append(a.names, "p_"+label)
			}
		}
	default:
		a.names, a.width = []string{"prediction"}, 1
		if a.task.Kind == metrics.MultiClass {
			a.width = len(a.task.Classes)
		}
		if prob {
			for _, class := range a.task.Classes {
				a.names = append(a.names, "p_"+class)
			}
		}
	}
	return a
}

// take takes the net's output for a batch of rows.
func (a *answers) take(raw []float32) { a.own = a.net.Own(a.own, raw) }

// finite reports whether the answer to row i consists of numbers.
func (a *answers) finite(i int) bool {
	for _, x := range a.own[i*a.width : (i+1)*a.width] {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

// fields appends the answer to row i.
func (a *answers) fields(list []field, i int) []field {
	if a.top != nil {
		return a.topFields(list, i)
	}
	row := a.own[i*a.width : (i+1)*a.width]
	switch a.task.Kind {
	case metrics.Regression:
		for _, x := range row {
			list = append(list, field{number: x})
		}
	case metrics.MultiLabel:
		for k, p := range row {
			negative, positive := a.net.Schema.Target.Words(k)
			list = append(list, field{word: choose(a.task.Positive(p), positive, negative), isWord: true})
			if a.prob {
				list = append(list, field{number: p})
			}
		}
	case metrics.Binary:
		list = append(list, field{word: choose(a.task.Positive(row[0]), a.task.Classes[1], a.task.Classes[0]), isWord: true})
		if a.prob {
			list = append(list, field{number: 1 - row[0]}, field{number: row[0]})
		}
	default:
		list = append(list, field{word: a.task.Classes[metrics.Argmax(row)], isWord: true})
		if a.prob {
			for _, p := range row {
				list = append(list, field{number: p})
			}
		}
	}
	return list
}

func choose(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

// appendNumber writes a number as briefly as its float32 can be read back, without an exponent where that is readable.
func appendNumber(out []byte, x float64) []byte {
	if abs := math.Abs(x); abs >= 1e15 || abs > 0 && abs < 1e-4 {
		return strconv.AppendFloat(out, x, 'g', -1, 32)
	}
	return strconv.AppendFloat(out, x, 'f', -1, 32)
}
