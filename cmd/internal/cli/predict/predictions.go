package predict

import (
	"math"
	"slices"
	"strings"

	"dnn/cmd/internal/cli/output"
	"dnn/pkg/infer"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/task"
)

// predictions turns the output of a net into the fields of an output row, head by head.
type predictions struct {
	heads  []*prediction
	writer *infer.Writer // of nets that write texts; else nil
	levels *infer.Levels // of nets with several numbers for each that they predict; without any of others
}

// prediction is what one head predicts.
type prediction struct {
	net   *model.Network
	head  int
	task  task.Head
	prob  bool
	names []string
	own   []float64
	width int                          // numbers a prediction
	below [][]float64                  // by level of the loss, as own
	top   *likeliest                   // nil: all that the net says
	steps *stepFields                  // nil where each row has one prediction
	of    func(row int) (from, to int) // the places of the predictions for a row: one, or one for each step
	texts []infer.Written              // by row, of a head that writes texts; else nil
	write bool                         // whether it does
}

// field is one field of an answer: a word or a number.
type field struct {
	word   string
	number float64
	isWord bool
}

func newPredictions(n *model.Network, prob bool) *predictions {
	all := &predictions{}
	for k, h := range n.Heads {
		p := &prediction{net: n, head: k, task: h, prob: prob, width: h.Width}
		if p.write = n.Writes(k) || h.Aligned(); !p.write && h.Sequence() {
			p.steps = &stepFields{}
		}
		p.name()
		all.heads = append(all.heads, p)
	}
	return all
}

// writes reports whether any head writes texts, onlyGenerates whether all write them step by step, so that no other prediction is
// asked for.
func (ps *predictions) writes() bool {
	return slices.ContainsFunc(ps.heads, func(p *prediction) bool { return p.write })
}

func (ps *predictions) onlyGenerates() bool {
	return !slices.ContainsFunc(ps.heads, func(p *prediction) bool { return !p.write || p.task.Aligned() })
}

// names are those of all fields.
func (ps *predictions) names() (names []string) {
	for _, p := range ps.heads {
		names = append(names, p.names...)
	}
	return names
}

// take takes what a runner computed for its batch.
func (ps *predictions) take(outs []infer.Output, r *infer.Runner, ok func(row int) bool) error {
	for k, p := range ps.heads {
		if p.write {
			if err := p.takeTexts(ps.writer, r, ok); err != nil {
				return err
			}
			continue
		}
		p.own = infer.Denormalize(&p.task, p.own, outs[k].Prediction)
		if p.below = nil; len(ps.levels.Shares) > 0 {
			var err error
			if p.below, err = ps.levels.Run(); err != nil {
				return err
			}
		}
		p.of = func(row int) (from, to int) { return r.Predictions(k, row) }
	}
	return nil
}

// takeTexts has the texts of a batch written, for rows that can be read.
func (p *prediction) takeTexts(w *infer.Writer, r *infer.Runner, ok func(row int) bool) error {
	n := r.Batch().Rows
	p.texts = make([]infer.Written, n)
	var rows []int
	for i := range n {
		if ok(i) {
			rows = append(rows, i)
		}
	}
	list, err := w.Write(p.head, r, rows)
	for i, one := range list {
		p.texts[rows[i]] = one
	}
	return err
}

// finite reports whether all that is predicted for row i consists of numbers.
func (ps *predictions) finite(i int) bool {
	for _, p := range ps.heads {
		if !p.finite(i) {
			return false
		}
	}
	return true
}

// row appends the fields of row i.
func (ps *predictions) row(list []field, i int) []field {
	for _, p := range ps.heads {
		list = p.row(list, i)
	}
	return list
}

// name finds the names of the fields. Of one of several heads that is no number they begin with the target's.
func (p *prediction) name() {
	p.names = nil
	alone := len(p.net.Heads) == 1
	switch {
	case p.write:
		if p.names = []string{"prediction"}; !alone {
			p.names = []string{p.task.Name}
		}
		if p.prob {
			p.names = append(p.names, output.Choose(alone, "score", "score_"+p.task.Name))
		}
	case p.top != nil:
		p.nameTop()
	case p.task.Kind == task.Number:
		for _, column := range p.task.Columns {
			p.names = append(append(p.names, column), p.levels(column)...)
			for _, i := range p.net.Tuning.Intervals(p.head) {
				low, high := i.Bounds(column)
				p.names = append(p.names, low, high)
			}
		}
	case p.task.Kind == task.Labels && p.task.Separator == "":
		for _, label := range p.task.Classes {
			p.names = append(p.names, label)
			if p.prob {
				p.names = append(p.names, "p_"+label)
			}
		}
	default:
		prefix := "p_"
		if p.names = []string{"prediction"}; !alone {
			p.names, prefix = []string{p.task.Name}, "p_"+p.task.Name+"_"
		}
		if p.prob {
			for _, class := range p.task.Classes {
				p.names = append(p.names, prefix+class)
			}
		}
	}
}

// levels are the names of the numbers of a column's other levels.
func (p *prediction) levels(column string) (names []string) {
	for i, share := range model.Levels(p.net) {
		if i != model.CentralLevel(p.net) {
			names = append(names, model.LevelName(column, share))
		}
	}
	return names
}

// finite reports whether the answers to row i consist of numbers.
func (p *prediction) finite(i int) bool {
	if p.write {
		return !math.IsNaN(p.texts[i].Score)
	}
	from, to := p.of(i)
	for _, x := range p.own[from*p.width : to*p.width] {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

// fields appends the answer at place i.
func (p *prediction) fields(list []field, i int) []field {
	if p.top != nil {
		return p.topFields(list, i)
	}
	row := p.own[i*p.width : (i+1)*p.width]
	switch p.task.Kind {
	case task.Number:
		for k, x := range row {
			list = append(list, field{number: x})
			for _, level := range p.below {
				list = append(list, field{number: level[i*p.width+k]})
			}
			for _, i := range p.net.Tuning.Intervals(p.head) {
				list = append(list, field{number: x - i.Widths[k]}, field{number: x + i.Widths[k]})
			}
		}
	case task.Labels:
		if p.task.Separator != "" {
			return p.listed(list, row)
		}
		for k, x := range row {
			words := p.task.Words[k]
			list = append(list, field{word: output.Choose(metrics.Positive(p.task, x), words[1], words[0]), isWord: true})
			if p.prob {
				list = append(list, field{number: x})
			}
		}
	case task.Binary:
		list = append(list, field{word: output.Choose(metrics.Positive(p.task, row[0]), p.task.Classes[1], p.task.Classes[0]), isWord: true})
		if p.prob {
			list = append(list, field{number: 1 - row[0]}, field{number: row[0]})
		}
	default:
		list = append(list, field{word: p.task.Classes[metrics.Argmax(row)], isWord: true})
		if p.prob {
			for _, x := range row {
				list = append(list, field{number: x})
			}
		}
	}
	return list
}

// listed appends the labels that hold, as the data lists them, and their probabilities.
func (p *prediction) listed(list []field, row []float64) []field {
	var hold []string
	for k, x := range row {
		if metrics.Positive(p.task, x) {
			hold = append(hold, p.task.Classes[k])
		}
	}
	list = append(list, field{word: strings.Join(hold, p.task.Separator), isWord: true})
	if p.prob {
		for _, x := range row {
			list = append(list, field{number: x})
		}
	}
	return list
}
