package loss

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

func init() {
	Registry.Register("mae", "absolute difference, for numbers; outliers count less than in mse", &MAE{}).
		Also("l1", "mean_absolute_error")
}

// MAE is the mean absolute error, in the scale of the normalized target.
//
//	loss = mean over the targets of |out - label|      slope 0 where they are equal
//
// Shapes: output and target [batch, targets], in the scale of the normalized target.
//
// Source: PyTorch, L1Loss.
type MAE struct{ numbers }

// Check expects numbers, and one output for each.
func (s *MAE) Check(t task.Head, out *graph.Value, p *spec.Problems) {
	fits("mae", t, out, p, task.Number)
}

// Cases are examples of it.
func (*MAE) Cases() []Case {
	return []Case{
		{"mae", task.Number, []float64{3, -1}, []float64{1, 0}, 1.5},
	}
}

// Rows is the mean over the targets.
func (s *MAE) Rows(b *graph.Builder, t task.Head, out, label *graph.Value) (loss, weight *graph.Value) {
	return perRow(b, op.Abs(b, residual(b, out, label)), nil)
}
