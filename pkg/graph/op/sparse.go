package op

import (
	"fmt"
	"math/rand/v2"

	"dnn/internal/kernel/sparse"
	"dnn/pkg/graph"
)

// noGradSparse is why ops on sparse weights have no gradient.
const noGradSparse = "is for nets that are not trained; gradients go through weights widened to float32"

// sparseRows is the number of rows of a matrix of values, gaps and starts.
func sparseRows(in []graph.Type) (int, error) {
	values, gaps, starts := in[0].Shape, in[1].Shape, in[2].Shape
	if values.Rank() != 1 || !gaps.Equal(values) || starts.Rank() != 1 || starts[0] < 2 {
		return 0, fmt.Errorf("values are %v, gaps %v and starts %v, want [e], [e] and [rows+1]", values, gaps, starts)
	}
	return starts[0] - 1, nil
}

// sparseMatrix is the matrix of values, gaps and starts.
func sparseMatrix(rows, cols int, in []graph.Buffer) sparse.Matrix {
	return sparse.Matrix{Rows: rows, Cols: cols, Values: in[0].F, Gaps: in[1].U, Starts: in[2].I}
}

// eachSparse gives all numbers of a matrix to see.
func eachSparse(in []graph.Ref, see func(row, column int, v float64)) {
	for row := range len(in[2].I) - 1 {
		column := 0
		for e := in[2].I[row]; e < in[2].I[row+1]; e++ {
			column += int(in[1].I[e])
			see(row, column, in[0].F[e])
		}
	}
}

// sparseArgs are a matrix of so many numbers in each row, whose columns lie below 3·each+1.
func sparseArgs(rows, each int) []graph.Arg {
	at := -1
	return []graph.Arg{
		graph.Normal(rows * each),
		{Type: graph.Type{DType: graph.U8, Shape: graph.Shape{rows * each}}, Fill: func(r *rand.Rand) float64 { return float64(1 + r.IntN(3)) }},
		{Type: graph.Ints(rows + 1), Fill: func(*rand.Rand) float64 {
			at = (at + 1) % (rows + 1)
			return float64(at * each)
		}},
	}
}
