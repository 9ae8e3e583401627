package onnx

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// affine are the inputs gamma and beta of a norm; "" where there is none.
func affine(e *Emitter, a op.NormAttrs, i int) (gamma, beta *graph.Value) {
	if a.Gamma {
		gamma, i = e.node.Inputs[i], i+1
	}
	if a.Beta {
		beta = e.node.Inputs[i]
	}
	return gamma, beta
}

// orAll is a vector, or one that is the same for all of n channels.
func orAll(e *Emitter, v *graph.Value, n int, x float32) string {
	if v != nil {
		return e.plain(v)
	}
	return e.Floats("all", slices.Repeat([]float32{x}, n), n)
}
