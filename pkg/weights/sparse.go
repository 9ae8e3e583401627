package weights

import (
	"fmt"

	"dnn/internal/kernel/sparse"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/train/checkpoint"
)

func init() {
	Registry.Register("sparse", "numbers that are not zero, with the gaps between them", func() Form { return &Sparse{} })
}

// Sparse keeps what is not zero of a matrix or kernel, row by row, with a byte for the distance from the number before it. With
// that, nine tenths of zeros leave an eighth of the size, or a thirteenth with numbers of 16 bits. Products with matrices are computed
// on it, in the bits of the dense ones.
type Sparse struct {
	// Numbers is how many are kept.
	Numbers int `json:"numbers"`
	// Half keeps them as float16 in the file.
	Half bool `json:"half,omitempty"`
}

// NewSparse is the form for a parameter with these values.
func NewSparse(p graph.Param, x []float32, half bool) *Sparse {
	n, width := rows(p)
	return &Sparse{sparse.Count(x, n, width), half}
}

// Bytes is what a parameter takes in a file.
func (f *Sparse) Bytes(p graph.Param) int {
	n, _ := rows(p)
	if f.Half {
		return 3*f.Numbers + 4*(n+1)
	}
	return 5*f.Numbers + 4*(n+1)
}

// Fits takes matrices and kernels of which a number is left.
func (f *Sparse) Fits(p graph.Param) error {
	if f.Numbers < 1 || f.Numbers > p.Shape.Size() {
		return fmt.Errorf("%s, %v, cannot have %d numbers", p.Name, p.Shape, f.Numbers)
	}
	return expectRows(p)
}

// Arrays are the numbers, under the name of the parameter, the gaps, and where rows begin.
func (f *Sparse) Arrays(p graph.Param) []Array {
	n, _ := rows(p)
	return []Array{
		{Type: graph.Floats(f.Numbers), Half: f.Half},
		{Suffix: ".gaps", Type: graph.Type{DType: graph.U8, Shape: graph.Shape{f.Numbers}}},
		{Suffix: ".starts", Type: graph.Ints(n + 1)},
	}
}

// Encode leaves the zeros out. x must have as many other numbers as the form was made for.
func (f *Sparse) Encode(p graph.Param, x []float32) []graph.Buffer {
	n, width := rows(p)
	m := sparse.New(x, n, width)
	if len(m.Values) != f.Numbers {
		panic(fmt.Sprintf("weights: %s has %d numbers that are not zero, its form %d", p.Name, len(m.Values), f.Numbers))
	}
	if f.Half {
		Round(checkpoint.F16, m.Values)
	}
	return []graph.Buffer{{F: m.Values}, {U: m.Gaps}, {I: m.Starts}}
}

func matrixOf(p graph.Param, arrays []graph.Buffer) *sparse.Matrix {
	n, width := rows(p)
	return &sparse.Matrix{Rows: n, Cols: width, Values: arrays[0].F, Gaps: arrays[1].U, Starts: arrays[2].I}
}

// Decode puts the zeros back.
func (*Sparse) Decode(p graph.Param, arrays []graph.Buffer, dst []float32) {
	m := matrixOf(p, arrays)
	m.Dense(dst, 0, m.Rows)
}

// Valid refuses numbers outside of their rows.
func (*Sparse) Valid(p graph.Param, arrays []graph.Buffer) error {
	if err := matrixOf(p, arrays).Valid(); err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	return nil
}

// Widen puts the zeros back.
func (*Sparse) Widen(b *graph.Builder, p graph.Param, arrays []*graph.Value) *graph.Value {
	return op.WidenSparse(b, arrays[0], arrays[1], arrays[2], p.Shape)
}

// Compute computes products with the rows.
func (*Sparse) Compute(r *graph.Rewriter, n *graph.Node, p graph.Param, at int, in, arrays []*graph.Value) []*graph.Value {
	if !multipliesSparse(n, p, at, in) {
		return nil
	}
	return []*graph.Value{op.DenseSparse(r.Builder, in[0], arrays[0], arrays[1], arrays[2])}
}

// multipliesSparse reports whether a node is a product of matrices with the rows of p, its input number at.
func multipliesSparse(n *graph.Node, p graph.Param, at int, in []*graph.Value) bool {
	a, ok := n.Attrs.(op.MatMulAttrs)
	return ok && at == 1 && !a.TransX && a.TransY && p.Shape.Rank() == 2 && in[0].Shape.Rank() == 2
}
