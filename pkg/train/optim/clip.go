package optim

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// ClipNorm limits the length of the scaled gradient as a whole and returns the new scale, and the length before:
//
//	norm  = √Σ(scale·g)²
//	scale = scale·min(1, max/(norm + 1e-6))
//
// Source: Pascanu et al. 2013; PyTorch, clip_grad_norm_.
func ClipNorm(b *graph.Builder, grads, scale *graph.Value, max float64) (newScale, norm *graph.Value) {
	norm = op.Mul(b, op.Sqrt(b, op.SumSquares(b, grads)), scale)
	share := op.Div(b, b.Scalar(max), op.AddScalar(b, norm, 1e-6))
	return op.Mul(b, scale, op.Minimum(b, b.Scalar(1), share)), norm
}

// ClipValue limits each element of the scaled gradient to ±limit. It returns the scaled and clipped gradient, and the
// scale that is left: one.
//
// Source: PyTorch, clip_grad_value_.
func ClipValue(b *graph.Builder, grads, scale *graph.Value, limit float64) (clipped, newScale *graph.Value) {
	return op.Clip(b, op.Mul(b, grads, scale), -limit, limit), b.Scalar(1)
}
