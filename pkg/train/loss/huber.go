package loss

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

func init() {
	Registry.Register("huber", "squared for small differences, absolute for large ones, for numbers", &Huber{}).
		Also("smooth_l1")
}

// Huber is the squared error of small differences and the absolute error of large ones. With d = out - label
//
//	loss = mean over the targets of d²/2 where |d| ≤ delta, delta·(|d| - delta/2) elsewhere
//
// Shapes: output and target [batch, targets], in the scale of the normalized target.
//
// Source: Huber 1964; PyTorch, HuberLoss.
type Huber struct {
	numbers
	Delta float64 `default:"1" range:"(0,)" doc:"difference, in the scale of the normalized target, up to which it is squared"`
}

// Cases are examples of it.
func (*Huber) Cases() []Case {
	return []Case{
		{"huber", task.Number, []float64{3}, []float64{1}, 1.5},
		{"{type: huber, delta: 3}", task.Number, []float64{3}, []float64{1}, 2},
	}
}

// Check expects numbers, and one output for each.
func (s *Huber) Check(t task.Head, out *graph.Value, p *spec.Problems) {
	fits("huber", t, out, p, task.Number)
}

// Rows is the mean over the targets. With m = d limited to ±delta, both branches are m·(d - m/2).
func (s *Huber) Rows(b *graph.Builder, t task.Head, out, label *graph.Value) (loss, weight *graph.Value) {
	d := residual(b, out, label)
	m := op.Clip(b, d, -s.Delta, s.Delta)
	return perRow(b, op.Mul(b, m, op.Sub(b, d, op.Scale(b, m, 0.5))), nil)
}
