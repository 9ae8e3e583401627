package op

import (
	"fmt"

	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
)

// DenseBlocksAttrs are the activation function of a dense layer whose weights are whole numbers in blocks.
type DenseBlocksAttrs struct {
	Act   Act
	Alpha float64
}

var denseBlocksOp graph.Op

// DenseBlocks is y = act(x·wᵀ + bias) for weights [n, k] in blocks as DequantizeBlocks takes them:
//
//	x [m, k] F32, w [n, 16·blocks] U8 or [n, 32·blocks] I8, scales [n, blocks], bias [n] or nil, y [m, n] F32
//
// It gives the bits of the dense layer that reads w widened, but moves the blocks only.
func DenseBlocks(b *graph.Builder, x, w, scales, bias *graph.Value, a DenseBlocksAttrs) *graph.Value {
	in := []*graph.Value{x, w, scales}
	if bias != nil {
		in = append(in, bias)
	}
	return b.One(&denseBlocksOp, a, in...)
}

func init() {
	denseBlocksOp = graph.Op{
		Name:  "dense_blocks",
		Doc:   "y = act(x·wᵀ + bias), of whole numbers of 4 or 8 bits in blocks of 32, each with a scale",
		Infer: inferDenseBlocks,
		Decompose: func(b *graph.Builder, n *graph.Node) []*graph.Value {
			a, bias := n.Attrs.(DenseBlocksAttrs), (*graph.Value)(nil)
			if len(n.Inputs) == 4 {
				bias = n.Inputs[3]
			}
			w := DequantizeBlocks(b, n.Inputs[1], n.Inputs[2], n.Outputs[0].Shape[1], n.Inputs[0].Shape[1])
			return []*graph.Value{Dense(b, n.Inputs[0], w, bias, a.Act, a.Alpha, true)}
		},
		Eval:      evalDenseBlocks,
		Kernel:    denseBlocksKernel,
		Cost:      func(n *graph.Node) graph.Cost { return productCost(n, blocksGemm(n).Flops()) },
		Tolerance: 1.5e-6,
		Cases:     denseBlocksCases(),
	}
	graph.Ops.Register(denseBlocksOp.Name, denseBlocksOp.Doc, &denseBlocksOp)
}

func inferDenseBlocks(attrs any, in []graph.Type) ([]graph.Type, error) {
	if len(in) < 3 || len(in) > 4 {
		return nil, fmt.Errorf("takes 3 or 4 inputs, got %d", len(in))
	}
	x, w := in[0].Shape, in[1].Shape
	if in[0].DType != graph.F32 || len(x) != 2 || len(w) != 2 {
		return nil, fmt.Errorf("x is %v and w %v, want [m, k] in float32 and [n, bytes]", in[0], in[1])
	}
	if err := inferBlocks(in[1:], w[0], x[1]); err != nil {
		return nil, err
	}
	if len(in) == 4 && (in[3].DType != graph.F32 || !in[3].Shape.Equal(w[:1])) {
		return nil, fmt.Errorf("bias is %v, want %v", in[3], w[:1])
	}
	a := attrs.(DenseBlocksAttrs)
	return []graph.Type{graph.Floats(x[0], w[0])}, ActivateAttrs{a.Act, a.Alpha}.check()
}

// blocksGemm is the product with the weights widened.
func blocksGemm(n *graph.Node) gemm.Gemm {
	return gemm.Gemm{M: n.Inputs[0].Shape[0], N: n.Outputs[0].Shape[1], K: n.Inputs[0].Shape[1], TransB: true}
}

func evalDenseBlocks(n *graph.Node, in, out []graph.Ref) {
	a, g := n.Attrs.(DenseBlocksAttrs), blocksGemm(n)
	b, node := blockRows{g.N, g.K, integer.Blocks(g.K)}, &graph.Node{Inputs: n.Inputs[1:]}
	w := make([]float64, g.N*g.K)
	for i := range g.N {
		b.widenRef(w[i*g.K:(i+1)*g.K], node, in[1:], i)
	}
	evalGemm(g, 1, out[0].F, in[0].F, w)
	for i, v := range out[0].F {
		if len(in) == 4 {
			v += in[3].F[i%g.N]
		}
		out[0].F[i] = acts[a.Act].value(v, a.Alpha)
	}
}

func denseBlocksKernel(n *graph.Node) graph.Kernel {
	a, g := n.Attrs.(DenseBlocksAttrs), blocksGemm(n)
	p := integer.BlockProduct{M: g.M, N: g.N, K: g.K, Bits: 4}
	if n.Inputs[1].DType == graph.I8 {
		p.Bits = 8
	}
	return graph.Kernel{Kept: p.Packed(), Local: p.Local(), Phases: []graph.Phase{
		{Units: p.Panels(), Once: fixed(n.Inputs[1]) && fixed(n.Inputs[2]), Run: func(c *graph.Call, lo, hi int) {
			p.Pack(c.Kept, c.In[1].U, c.In[1].S, c.In[2].F, lo, hi)
		}},
		{Units: p.Units(), Run: func(c *graph.Call, lo, hi int) {
			e := gemm.Epilogue{Act: a.Act, Alpha: float32(a.Alpha)}
			if len(c.In) == 4 {
				e.Bias = c.In[3].F
			}
			p.Run(c.Out[0].F, c.In[0].F, c.Kept, c.Local, e, lo, hi)
		}},
	}}
}

func denseBlocksCases() []graph.Case {
	in := func(bits, m, k, n int) []graph.Arg {
		w := blocksOf(bits, n, k)
		w[1] = graph.Uniform(0.001, 0.01, w[1].Type.Shape...)
		w[1].Fixed = true // gradients pass the product, not the blocks
		return append(append([]graph.Arg{graph.Normal(m, k)}, w...), graph.Normal(n))
	}
	return []graph.Case{
		{Name: "four bits", Attrs: DenseBlocksAttrs{}, In: in(4, 3, 64, 5)[:3]},
		{Name: "eight bits", Attrs: DenseBlocksAttrs{}, In: in(8, 3, 64, 5)},
		{Name: "one row", Attrs: DenseBlocksAttrs{Act: ActRelu}, In: in(4, 1, 70, 37)},
		{Name: "one row of eight bits", Attrs: DenseBlocksAttrs{Act: ActTanh}, In: in(8, 1, 33, 140)},
		{Name: "less than a block", Attrs: DenseBlocksAttrs{Act: ActElu, Alpha: 0.7}, In: in(4, 7, 3, 1)},
		{Name: "large", Attrs: DenseBlocksAttrs{}, In: in(4, 70, 290, 133)},
		{Name: "many rows", Attrs: DenseBlocksAttrs{Act: ActGelu}, In: in(8, 530, 40, 20)},
	}
}
