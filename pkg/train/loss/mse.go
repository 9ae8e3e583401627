package loss

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

func init() {
	Registry.Register("mse", "squared difference, for numbers", &MSE{}).Also("l2", "mean_squared_error")
}

// MSE is the mean squared error, in the scale the net works in: that of the normalized target.
//
//	loss = mean over the targets of (out - label)²
//
// Shapes: output and target [batch, targets], in the scale of the normalized target.
//
// Source: PyTorch, MSELoss.
type MSE struct{ numbers }

// DefaultFor says that it is the default for numbers.
func (*MSE) DefaultFor(t task.Head) bool { return t.Kind == task.Number }

// Check expects numbers, and one output for each.
func (s *MSE) Check(t task.Head, out *graph.Value, p *spec.Problems) {
	fits("mse", t, out, p, task.Number)
}

// Cases are examples of it.
func (*MSE) Cases() []Case {
	return []Case{
		{"mse", task.Number, []float64{3, -1}, []float64{1, 0}, 2.5},
	}
}

// Rows is the mean over the targets.
func (s *MSE) Rows(b *graph.Builder, t task.Head, out, label *graph.Value) (loss, weight *graph.Value) {
	return perRow(b, op.Square(b, residual(b, out, label)), nil)
}
