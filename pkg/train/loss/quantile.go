package loss

import (
	"fmt"
	"math"
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

func init() {
	Registry.Register("quantile", "numbers below which given shares of the labels lie (pinball loss)", &Quantile{}).
		Also("pinball", "quantile_regression")
}

// Quantile is the pinball loss: what makes it small is the number below which a share τ of the labels lies. With L levels τ, the net
// puts out L numbers for each target, those of the first level before those of the second. With d = label - out
//
//	loss = mean over levels and targets of max(τ·d, (τ - 1)·d)      slope 0 where they are equal
//
// The prediction is that of the level closest to one half. Numbers of different levels are learned apart from each other, and that of
// a higher level may lie below that of a lower one; so they are put in order before they are predicted, which only brings them closer
// to the true ones.
//
// Shapes: output [batch, levels·targets], target [batch, targets], in the scale of the normalized target.
//
// Source: Koenker & Bassett 1978; scikit-learn, mean_pinball_loss; the order: Chernozhukov et al. 2010, "Quantile and probability curves
// without crossing".
type Quantile struct {
	Levels []float64 `default:"[0.5]" range:"(0,1)" length:"[1,20]" doc:"shares of the labels that lie below, such as [0.1, 0.5, 0.9]; the last layer has units: levels × targets"`
	shown  int       // the level that is predicted, from 1; 0: the central one
}

// Leveled is a loss whose net puts out several numbers for each that is predicted.
type Leveled interface {
	Loss
	// Shares are the shares of labels below the numbers, and Central is the place of the one that is predicted.
	Shares() []float64
	Central() int
	// Level is the same loss with another of the numbers predicted.
	Level(i int) Loss
}

// Cases are examples of it.
func (*Quantile) Cases() []Case {
	return []Case{
		{"quantile", task.Number, []float64{3, -1}, []float64{1, 0}, 0.75},
		{"{type: quantile, levels: [0.1, 0.5, 0.9]}", task.Number, []float64{3, 3, 3}, []float64{1}, 1},
	}
}

// Shares are the levels.
func (s *Quantile) Shares() []float64 { return s.Levels }

// Central is the place of the level closest to one half.
func (s *Quantile) Central() (at int) {
	for i, level := range s.Levels {
		if math.Abs(level-0.5) < math.Abs(s.Levels[at]-0.5) {
			at = i
		}
	}
	return at
}

// Level predicts another level.
func (s *Quantile) Level(i int) Loss {
	other := *s
	other.shown = i + 1
	return &other
}

// LevelText is how files name a level: in percent.
func LevelText(level float64) string { return fmt.Sprintf("%.6g", 100*level) }

// Check expects numbers, and one output for each level of each.
func (s *Quantile) Check(t task.Head, out *graph.Value, p *spec.Problems) {
	for i, level := range s.Levels {
		if slices.ContainsFunc(s.Levels[:i], func(other float64) bool { return LevelText(other) == LevelText(level) }) {
			p.Add("loss.levels", "duplicate %v", level)
		}
	}
	if n := len(s.Levels); n > 1 && t.Kind == task.Number && t.Width > 0 && out.Shape.Rank() > 0 {
		switch got, want := out.Shape[1:], (graph.Shape{n * t.Width}); {
		case t.Sequence():
			p.Add("loss", "quantile with several levels is for rows with one prediction, and %s", what(t))
		case !got.Equal(want):
			p.Add("loss", "quantile needs an output for each level of each target, %d levels × %d: the net gives %v (set units: %d in the last layer)", n, t.Width, got, n*t.Width)
		}
		return
	}
	fits("quantile", t, out, p, task.Number)
}

// Rows is the mean over levels and targets.
func (s *Quantile) Rows(b *graph.Builder, t task.Head, out, label *graph.Value) (loss, weight *graph.Value) {
	levels := s.Levels
	rest := make([]float64, len(levels))
	for i, level := range levels {
		rest[i] = level - 1
	}
	rows, width := label.Shape[0], label.Shape[1:].Size()
	share := func(x []float64) *graph.Value { return op.Reshape(b, list(b, x), 1, len(x), 1) }
	d := op.Sub(b, op.Reshape(b, label, rows, 1, width), op.Reshape(b, out, rows, len(levels), width))
	return perRow(b, op.Maximum(b, op.Mul(b, d, share(levels)), op.Mul(b, d, share(rest))), nil)
}

// Predict returns the numbers of one level, of all levels in their order.
func (s *Quantile) Predict(b *graph.Builder, t task.Head, out *graph.Value) *graph.Value {
	n, at := len(s.Levels), s.Central()
	if s.shown > 0 {
		at = s.shown - 1
	}
	if n == 1 {
		return out
	}
	rows, width := out.Shape[0], out.Shape[1:].Size()/n
	each := op.Reshape(b, out, rows, n, width)
	list := make([]*graph.Value, n)
	for i := range list {
		list[i] = op.Slice(b, each, 1, i, i+1)
	}
	for end := n - 1; end > 0; end-- { // the largest goes to the end
		for i := range end {
			x, y := list[i], list[i+1]
			list[i], list[i+1] = op.Minimum(b, x, y), op.Maximum(b, x, y)
		}
	}
	place := 0
	for _, level := range s.Levels {
		if level < s.Levels[at] {
			place++
		}
	}
	return op.Reshape(b, list[place], rows, width)
}
