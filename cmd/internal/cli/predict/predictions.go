package predict

import (
	"math"

	"dnn/cmd/internal/cli/output"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/task"
)

// answers turns what a net puts out into what people want to know: the fields of an output row.
type answers struct {
	net   *model.Network
	task  task.Head
	prob  bool
	names []string
	own   []float64
	width int                          // numbers an answer
	top   *likeliest                   // nil: all that the net says
	steps *stepAnswers                 // nil where each row has one answer
	of    func(row int) (from, to int) // the places of the answers to a row: one, or one for each step
}

// field is one field of an answer: a word or a number.
type field struct {
	word   string
	number float64
	isWord bool
}

func newAnswers(n *model.Network, prob bool) *answers {
	a := &answers{net: n, task: n.Heads[0], prob: prob, width: 1}
	if a.task.Kind != task.Binary {
		a.width = max(len(a.task.Classes), len(a.task.Columns))
	}
	if a.task.Kind == task.Category {
		a.width = len(a.task.Classes)
	}
	if a.task.Sequence() {
		a.steps = &stepAnswers{}
	}
	a.name()
	return a
}

// name finds the names of the fields.
func (a *answers) name() {
	a.names = nil
	switch {
	case a.top != nil:
		a.nameTop()
	case a.task.Kind == task.Number:
		a.names = a.task.Columns
	case a.task.Kind == task.Labels:
		for _, label := range a.task.Classes {
			a.names = append(a.names, label)
			if a.prob {
				a.names = append(a.names, "p_"+label)
			}
		}
	default:
		a.names = []string{"prediction"}
		if a.prob {
			for _, class := range a.task.Classes {
				a.names = append(a.names, "p_"+class)
			}
		}
	}
}

// take takes the net's output for the batch of a runner.
func (a *answers) take(raw []float32, r *model.Runner) {
	a.own = a.net.Own(a.own, raw)
	a.of = r.Answers
}

// finite reports whether the answers to row i consist of numbers.
func (a *answers) finite(i int) bool {
	from, to := a.of(i)
	for _, x := range a.own[from*a.width : to*a.width] {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

// fields appends the answer at place i.
func (a *answers) fields(list []field, i int) []field {
	if a.top != nil {
		return a.topFields(list, i)
	}
	row := a.own[i*a.width : (i+1)*a.width]
	switch a.task.Kind {
	case task.Number:
		for _, x := range row {
			list = append(list, field{number: x})
		}
	case task.Labels:
		for k, p := range row {
			negative, positive := a.net.Schema.Target.Words(k)
			list = append(list, field{word: output.Choose(metrics.Positive(a.task, p), positive, negative), isWord: true})
			if a.prob {
				list = append(list, field{number: p})
			}
		}
	case task.Binary:
		list = append(list, field{word: output.Choose(metrics.Positive(a.task, row[0]), a.task.Classes[1], a.task.Classes[0]), isWord: true})
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
