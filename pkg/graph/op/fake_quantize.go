package op

import (
	"fmt"

	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
)

// Rounding is how fake_quantize rounds a row of numbers: to those that a form of fewer bits has. Its values can be compared.
type Rounding interface {
	fmt.Stringer
	// Row is dst = x, rounded. Both may be the same.
	Row(dst, x []float32)
}

// FakeQuantizeAttrs hold the rounding.
type FakeQuantizeAttrs struct{ To Rounding }

var fakeQuantizeOp graph.Op

// FakeQuantize is y = x, with each row, all elements of one place of the first axis, rounded to numbers that a quantized net has, in
// float32. The gradient goes straight through (Bengio et al. 2013, "Estimating or propagating gradients through stochastic neurons";
// Jacob et al. 2018, "Quantization and training of neural networks for efficient integer-arithmetic-only inference"):
//
//	dx = dy
func FakeQuantize(b *graph.Builder, x *graph.Value, to Rounding) *graph.Value {
	return b.One(&fakeQuantizeOp, FakeQuantizeAttrs{to}, x)
}

// RoundInt8 rounds as products of 8-bit integers do what meets their weights, with a scale for each row:
//
//	s = max|x|/127,  y = s·q,  q = x·(1/s) rounded to even
//
// A row that holds a NaN or an infinity becomes NaN.
type RoundInt8 struct{}

func (RoundInt8) String() string { return "int8 rows" }

// Row rounds.
func (RoundInt8) Row(dst, x []float32) {
	var q [256]int8
	scale := integer.Scale(integer.AbsMax(x))
	for len(x) > 0 {
		n := min(len(x), len(q))
		integer.Quantize(q[:n], x[:n], scale)
		integer.Dequantize(dst[:n], q[:n], scale)
		dst, x = dst[n:], x[n:]
	}
}

func init() {
	fakeQuantizeOp = graph.Op{
		Name: "fake_quantize",
		Doc:  "y = x with rows rounded to the numbers of a quantized net; the gradient is that of y = x",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 1); err != nil {
				return nil, err
			}
			if attrs.(FakeQuantizeAttrs).To == nil || in[0].Shape.Rank() == 0 {
				return nil, fmt.Errorf("x is %v and the rounding %v, want an axis of rows and a rounding", in[0].Shape, attrs)
			}
			return in[:1:1], nil
		},
		Grad: func(_ *graph.Builder, _ *graph.Node, dout []*graph.Value) []*graph.Value { return dout[:1] },
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			to, width := n.Attrs.(FakeQuantizeAttrs).To, n.Inputs[0].Shape[1:].Size()
			row := make([]float32, width)
			for i := range n.Inputs[0].Shape[0] {
				for k, x := range part64(in[0].F, i, width) {
					row[k] = float32(x)
				}
				to.Row(row, row)
				for k, y := range row {
					out[0].F[i*width+k] = float64(y)
				}
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			to, rows, width := n.Attrs.(FakeQuantizeAttrs).To, n.Inputs[0].Shape[0], n.Inputs[0].Shape[1:].Size()
			return graph.Kernel{Phases: []graph.Phase{byRows(rows, width, func(c *graph.Call, lo, hi int) {
				for i := lo; i < hi; i++ {
					to.Row(part(c.Out[0].F, i, width), part(c.In[0].F, i, width))
				}
			})}}
		},
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost:    cost(4),
		Cases: []graph.Case{ // the gradient is none of differences
			{Name: "matrix", Attrs: FakeQuantizeAttrs{RoundInt8{}}, In: fixedInput(5, 7)},
			{Name: "images", Attrs: FakeQuantizeAttrs{RoundInt8{}}, In: fixedInput(3, 9, 8, 5)},
			{Name: "vector", Attrs: FakeQuantizeAttrs{RoundInt8{}}, In: fixedInput(4)},
			{Name: "units", Attrs: FakeQuantizeAttrs{RoundInt8{}}, In: fixedInput(900, 33)},
		},
	}
	graph.Ops.Register(fakeQuantizeOp.Name, fakeQuantizeOp.Doc, &fakeQuantizeOp)
}

func fixedInput(shape ...int) []graph.Arg {
	x := graph.Normal(shape...)
	x.Fixed = true
	return []graph.Arg{x}
}
