package weights

import (
	"fmt"
	"slices"

	"dnn/internal/kernel/sparse"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("sparse_int8", "whole numbers from -127 to 127 that are not zero, with the gaps between them and a scale for each output",
		func() Form { return &SparseInt8{} })
}

// SparseInt8 keeps what is not zero of the whole numbers that Int8 has, as Sparse keeps floats: two bytes for each. Nine tenths of zeros
// leave a fifth of the size of Int8, a twentieth of that of float32. Products with matrices are computed on it, of floats: inputs are not
// quantized.
type SparseInt8 struct {
	// Numbers is how many are kept.
	Numbers int `json:"numbers"`
}

// NewSparseInt8 is the form for a parameter with these values.
func NewSparseInt8(p graph.Param, x []float32) *SparseInt8 {
	n, width := rows(p)
	return &SparseInt8{sparse.Count(wholes((&Int8{}).Encode(p, x)[0].S), n, width)}
}

// wholes are whole numbers as floats.
func wholes(q []int8) []float32 {
	x := make([]float32, len(q))
	for i := range q {
		x[i] = float32(q[i])
	}
	return x
}

// Fits takes matrices and kernels of which a number is left.
func (f *SparseInt8) Fits(p graph.Param) error { return (&Sparse{Numbers: f.Numbers}).Fits(p) }

// Arrays are the whole numbers, under the name of the parameter, the gaps, where rows begin, and the scales.
func (f *SparseInt8) Arrays(p graph.Param) []Array {
	floats := (&Sparse{Numbers: f.Numbers}).Arrays(p)
	return []Array{
		{Type: graph.Type{DType: graph.I8, Shape: graph.Shape{1, f.Numbers}}},
		floats[1], floats[2],
		{Suffix: ".scale", Type: graph.Floats(p.Shape[0])},
	}
}

// Encode rounds as Int8 does and leaves the zeros out. x must round to as many other numbers as the form was made for.
func (f *SparseInt8) Encode(p graph.Param, x []float32) []graph.Buffer {
	dense := (&Int8{}).Encode(p, x)
	kept := (&Sparse{Numbers: f.Numbers}).Encode(p, wholes(dense[0].S))
	q := make([]int8, f.Numbers)
	for i, v := range kept[0].F {
		q[i] = int8(v)
	}
	return []graph.Buffer{{S: q}, kept[1], kept[2], dense[1]}
}

// Decode puts the zeros back and multiplies.
func (*SparseInt8) Decode(p graph.Param, arrays []graph.Buffer, dst []float32) {
	matrix := matrixOf(p, asSparse(arrays))
	matrix.Dense(dst, 0, matrix.Rows)
	for i := range dst {
		dst[i] *= arrays[3].F[i/matrix.Cols]
	}
}

// asSparse are the arrays that Sparse would have of the whole numbers.
func asSparse(arrays []graph.Buffer) []graph.Buffer {
	return []graph.Buffer{{F: wholes(arrays[0].S)}, arrays[1], arrays[2]}
}

// Valid refuses numbers outside of their rows, -128, and scales that are not positive numbers.
func (*SparseInt8) Valid(p graph.Param, arrays []graph.Buffer) error {
	if slices.Contains(arrays[0].S, -Most-1) {
		return fmt.Errorf("%s has the number %d, below %d", p.Name, -Most-1, -Most)
	}
	if err := validScales(p, arrays[3].F); err != nil {
		return err
	}
	return (&Sparse{}).Valid(p, asSparse(arrays))
}

// floats are the whole numbers in a graph, as Sparse has its values.
func (f *SparseInt8) floats(b *graph.Builder, q *graph.Value) *graph.Value {
	return op.Reshape(b, op.Dequantize(b, q, op.BroadcastTo(b, b.Scalar(1), 1)), f.Numbers)
}

// Widen puts the zeros back and multiplies.
func (f *SparseInt8) Widen(b *graph.Builder, p graph.Param, arrays []*graph.Value) *graph.Value {
	scales := make([]int, p.Shape.Rank())
	for i := range scales {
		scales[i] = 1
	}
	scales[0] = p.Shape[0]
	return op.Mul(b, op.WidenSparse(b, f.floats(b, arrays[0]), arrays[1], arrays[2], p.Shape), op.Reshape(b, arrays[3], scales...))
}

// Compute computes products with the rows, and multiplies them by the scales.
func (f *SparseInt8) Compute(r *graph.Rewriter, n *graph.Node, p graph.Param, at int, in, arrays []*graph.Value) []*graph.Value {
	if !multipliesSparse(n, p, at, in) {
		return nil
	}
	y := op.DenseSparse(r.Builder, in[0], f.floats(r.Builder, arrays[0]), arrays[1], arrays[2])
	return []*graph.Value{op.Mul(r.Builder, y, arrays[3])}
}
