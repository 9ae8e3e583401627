package op

import (
	"fmt"

	"dnn/internal/kernel/gemm"
	"dnn/pkg/graph"
)

// MatMulAttrs tell which sides are read transposed.
type MatMulAttrs struct{ TransX, TransY bool }

var matmulOp graph.Op

// MatMul is z = op(x)·op(y), where op transposes the last two axes or does nothing:
//
//	x [.., m, k], or [.., k, m] with transX
//	y [.., k, n], or [.., n, k] with transY
//	z [.., m, n]
//
// Leading axes are a batch of products and must be equal on both sides. Each element is one chain of fma over ascending
// k. Gradients are matrix products again, e.g. dx = dz·op(y)ᵀ.
func MatMul(b *graph.Builder, x, y *graph.Value, transX, transY bool) *graph.Value {
	return b.One(&matmulOp, MatMulAttrs{transX, transY}, x, y)
}

func init() {
	matmulOp = graph.Op{
		Name: "matmul",
		Doc:  "z = x · y over the last two axes, either side transposed at will",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 2); err != nil {
				return nil, err
			}
			s, err := attrs.(MatMulAttrs).infer(in[0].Shape, in[1].Shape)
			return []graph.Type{graph.Floats(s...)}, err
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			a := n.Attrs.(MatMulAttrs)
			x, y, dz := n.Inputs[0], n.Inputs[1], dout[0]
			dx := func() *graph.Value {
				if a.TransX {
					return MatMul(b, y, dz, a.TransY, true)
				}
				return MatMul(b, dz, y, false, !a.TransY)
			}
			dy := func() *graph.Value {
				if a.TransY {
					return MatMul(b, dz, x, true, a.TransX)
				}
				return MatMul(b, x, dz, !a.TransX, false)
			}
			return []*graph.Value{dx(), dy()}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			g, batch := n.Attrs.(MatMulAttrs).gemm(n.Inputs[0].Shape, n.Outputs[0].Shape)
			evalGemm(g, batch, out[0].F, in[0].F, in[1].F)
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			g, batch := n.Attrs.(MatMulAttrs).gemm(n.Inputs[0].Shape, n.Outputs[0].Shape)
			return gemmKernel(g, batch, func(*graph.Call) gemm.Epilogue { return gemm.Epilogue{} })
		},
		Cost: func(n *graph.Node) graph.Cost {
			g, batch := n.Attrs.(MatMulAttrs).gemm(n.Inputs[0].Shape, n.Outputs[0].Shape)
			return productCost(n, float64(batch)*g.Flops())
		},
		Tolerance: 1.5e-6,
		Cases:     matmulCases(),
	}
	graph.Ops.Register(matmulOp.Name, matmulOp.Doc, &matmulOp)
}

func (a MatMulAttrs) infer(x, y graph.Shape) (graph.Shape, error) {
	nx, ny := len(x), len(y)
	if nx < 2 || nx != ny {
		return nil, fmt.Errorf("%v · %v: both must have the same number of axes, two or more", x, y)
	}
	if !x[:nx-2].Equal(y[:ny-2]) {
		return nil, fmt.Errorf("%v · %v: leading axes %v and %v differ", x, y, x[:nx-2], y[:ny-2])
	}
	m, k := lastTwo(x, a.TransX)
	l, n := lastTwo(y, a.TransY)
	if k != l {
		return nil, fmt.Errorf("%v%s · %v%s: inner extents %d and %d differ", x, mark(a.TransX), y, mark(a.TransY), k, l)
	}
	return append(x[:nx-2:nx-2], m, n), nil
}

// lastTwo returns the extents of the last two axes, swapped for a transposed matrix.
func lastTwo(s graph.Shape, trans bool) (rows, cols int) {
	rows, cols = s[len(s)-2], s[len(s)-1]
	if trans {
		return cols, rows
	}
	return rows, cols
}

func mark(trans bool) string {
	if trans {
		return "ᵀ"
	}
	return ""
}

// gemm is one product of the batch, given the shapes of x and z, and how many there are.
func (a MatMulAttrs) gemm(x, z graph.Shape) (gemm.Gemm, int) {
	m, k := lastTwo(x, a.TransX)
	return gemm.Gemm{M: m, N: z.Last(), K: k, TransA: a.TransX, TransB: a.TransY}, z[:len(z)-2].Size()
}

func matmulCases() []graph.Case {
	var cases []graph.Case
	add := func(name string, transX, transY bool, x, y graph.Shape) {
		cases = append(cases, graph.Case{
			Name: name, Attrs: MatMulAttrs{transX, transY}, In: []graph.Arg{graph.Normal(x...), graph.Normal(y...)},
		})
	}
	add("nn", false, false, graph.Shape{3, 5}, graph.Shape{5, 4})
	add("nt", false, true, graph.Shape{3, 5}, graph.Shape{4, 5})
	add("tn", true, false, graph.Shape{5, 3}, graph.Shape{5, 4})
	add("tt", true, true, graph.Shape{5, 3}, graph.Shape{4, 5})
	add("vector", false, false, graph.Shape{1, 7}, graph.Shape{7, 1})
	add("outer", false, false, graph.Shape{6, 1}, graph.Shape{1, 5})
	add("batch", false, false, graph.Shape{2, 3, 4, 5}, graph.Shape{2, 3, 5, 2})
	add("batch tt", true, true, graph.Shape{3, 5, 4}, graph.Shape{3, 2, 5})
	add("large", false, false, graph.Shape{67, 300}, graph.Shape{300, 131})
	add("large nt", false, true, graph.Shape{129, 65}, graph.Shape{70, 65})
	add("large tn", true, false, graph.Shape{200, 130}, graph.Shape{200, 90})
	add("large batch", false, true, graph.Shape{3, 50, 70}, graph.Shape{3, 60, 70})
	return cases
}
