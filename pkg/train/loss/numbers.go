package loss

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/task"
)

// numbers is shared by the losses of regression: what they predict is the output itself.
type numbers struct{}

// Predict returns the output as it is.
func (numbers) Predict(_ *graph.Builder, _ task.Head, out *graph.Value) *graph.Value { return out }

// residual is the difference between output and label.
func residual(b *graph.Builder, out, label *graph.Value) *graph.Value { return op.Sub(b, out, label) }
