package op

import (
	"fmt"

	"dnn/internal/kernel/gemm"
	"dnn/pkg/graph"
)

// DenseAttrs are what a fused dense layer does besides multiplying.
type DenseAttrs struct {
	Act    Act
	Alpha  float64
	TransW bool
}

var denseOp graph.Op

// Dense is y = act(x·w + bias) in one pass over y:
//
//	x [m, k], w [k, n] or [n, k] with transW, bias [n] or nil, y [m, n]
//
// It gives the same bits as activate(matmul(x, w) + bias), which is what it is differentiated through.
func Dense(b *graph.Builder, x, w, bias *graph.Value, act Act, alpha float64, transW bool) *graph.Value {
	a := DenseAttrs{act, alpha, transW}
	if bias == nil {
		return b.One(&denseOp, a, x, w)
	}
	return b.One(&denseOp, a, x, w, bias)
}

func init() {
	denseOp = graph.Op{
		Name:  "dense",
		Doc:   "y = act(x·w + bias)",
		Infer: inferDense,
		Decompose: func(b *graph.Builder, n *graph.Node) []*graph.Value {
			a := n.Attrs.(DenseAttrs)
			y := MatMul(b, n.Inputs[0], n.Inputs[1], false, a.TransW)
			if len(n.Inputs) == 3 {
				y = Add(b, y, n.Inputs[2])
			}
			return []*graph.Value{Activate(b, y, a.Act, a.Alpha)}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			a := n.Attrs.(DenseAttrs)
			evalGemm(a.gemm(n), 1, out[0].F, in[0].F, in[1].F)
			for i, v := range out[0].F {
				if len(in) == 3 {
					v += in[2].F[i%len(in[2].F)]
				}
				out[0].F[i] = acts[a.Act].value(v, a.Alpha)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(DenseAttrs)
			bias := len(n.Inputs) == 3
			return gemmKernel(a.gemm(n), 1, func(c *graph.Call) gemm.Epilogue {
				e := gemm.Epilogue{Act: a.Act, Alpha: float32(a.Alpha)}
				if bias {
					e.Bias = c.In[2].F
				}
				return e
			})
		},
		Cost: func(n *graph.Node) graph.Cost {
			return productCost(n, n.Attrs.(DenseAttrs).gemm(n).Flops())
		},
		Tolerance: 1.5e-6,
		Cases:     denseCases(),
	}
	graph.Ops.Register(denseOp.Name, denseOp.Doc, &denseOp)
}

func inferDense(attrs any, in []graph.Type) ([]graph.Type, error) {
	a := attrs.(DenseAttrs)
	if len(in) < 2 || len(in) > 3 {
		return nil, fmt.Errorf("takes 2 or 3 inputs, got %d", len(in))
	}
	if err := expectFloats(in, len(in)); err != nil {
		return nil, err
	}
	if err := (ActivateAttrs{a.Act, a.Alpha}).check(); err != nil {
		return nil, err
	}
	x, w := in[0].Shape, in[1].Shape
	if len(x) != 2 || len(w) != 2 {
		return nil, fmt.Errorf("%v · %v: both must be matrices", x, w)
	}
	s, err := MatMulAttrs{TransY: a.TransW}.infer(x, w)
	if err == nil && len(in) == 3 && !in[2].Shape.Equal(s[1:]) {
		err = fmt.Errorf("%v · %v: bias is %v, want %v", x, w, in[2].Shape, s[1:])
	}
	return []graph.Type{graph.Floats(s...)}, err
}

func (a DenseAttrs) gemm(n *graph.Node) gemm.Gemm {
	g, _ := MatMulAttrs{TransY: a.TransW}.gemm(n.Inputs[0].Shape, n.Outputs[0].Shape)
	return g
}

func denseCases() []graph.Case {
	in := func(m, k, n int) []graph.Arg {
		return []graph.Arg{graph.Normal(m, k), graph.Normal(k, n), graph.Normal(n)}
	}
	return []graph.Case{
		{Name: "plain", Attrs: DenseAttrs{}, In: in(3, 5, 4)[:2]},
		{Name: "bias", Attrs: DenseAttrs{}, In: in(3, 5, 4)},
		{Name: "tanh", Attrs: DenseAttrs{Act: ActTanh}, In: in(4, 3, 1)},
		{Name: "elu transposed", Attrs: DenseAttrs{Act: ActElu, Alpha: 0.7, TransW: true},
			In: []graph.Arg{graph.Normal(5, 6), graph.Normal(7, 6), graph.Normal(7)}},
		{Name: "large", Attrs: DenseAttrs{Act: ActGelu}, In: in(70, 90, 133)},
	}
}
