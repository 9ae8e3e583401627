package stablehlo

import (
	"fmt"

	"dnn/pkg/graph"
)

// fullPrecision asks for products of float32 in full precision, where accelerators round them by default.
const fullPrecision = "precision = [HIGHEST, HIGHEST]"

// dot is a product of x and y over pairs of axes. The batch axes come first in the result, then what is left of x, then of y.
func dot(x, y val, batchX, batchY, overX, overY []int) val {
	s := graph.Shape{}
	for _, ax := range batchX {
		s = append(s, x.shape[ax])
	}
	for ax, d := range x.shape {
		if !contains(batchX, ax) && !contains(overX, ax) {
			s = append(s, d)
		}
	}
	for ax, d := range y.shape {
		if !contains(batchY, ax) && !contains(overY, ax) {
			s = append(s, d)
		}
	}
	attrs := ""
	if len(batchX) > 0 {
		attrs = fmt.Sprintf("batching_dims = %s x %s, ", list(batchX), list(batchY))
	}
	attrs += fmt.Sprintf("contracting_dims = %s x %s, %s", list(overX), list(overY), fullPrecision)
	return x.e.op("dot_general", attrs, typ{x.elem, s}, x, y)
}

// matmul is x·y over the last axis of x and the first of y, y being a matrix.
func matmul(x, y val) val { return dot(x, y, nil, nil, []int{x.last()}, []int{0}) }

// matmulT is x·yᵀ.
func matmulT(x, y val) val { return dot(x, y, nil, nil, []int{x.last()}, []int{1}) }
