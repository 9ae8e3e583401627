package loss

import (
	"math"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

func init() {
	Registry.Register("log_cosh", "smooth everywhere: squared near zero, absolute far from it, for numbers", &LogCosh{})
}

// LogCosh is about d²/2 for small differences d = out - label and |d| - ln 2 for large ones.
//
//	loss = mean over the targets of ln cosh d = |d| + ln(1 + e^(-2|d|)) - ln 2
//
// Shapes: output and target [batch, targets], in the scale of the normalized target.
//
// Source: Keras, LogCosh; the right-hand form does not overflow.
type LogCosh struct{ numbers }

// Check expects numbers, and one output for each.
func (s *LogCosh) Check(t task.Head, out *graph.Value, p *spec.Problems) {
	fits("log_cosh", t, out, p, task.Number)
}

// Cases are examples of it.
func (*LogCosh) Cases() []Case {
	return []Case{
		{"log_cosh", task.Number, []float64{3}, []float64{1}, 1.325},
	}
}

// Rows is the mean over the targets.
func (s *LogCosh) Rows(b *graph.Builder, t task.Head, out, label *graph.Value) (loss, weight *graph.Value) {
	a := op.Abs(b, residual(b, out, label))
	return perRow(b, op.AddScalar(b, op.Add(b, a, softplus(b, op.Scale(b, a, -2))), -math.Ln2), nil)
}
