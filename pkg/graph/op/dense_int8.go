package op

import (
	"fmt"

	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
)

// DenseInt8Attrs are those of a dense layer whose weights are 8-bit integers. Scale is that of x, or 0 for one of each row.
type DenseInt8Attrs struct {
	Scale float32
	Act   Act
	Alpha float64
}

var denseInt8Op graph.Op

// DenseInt8 is y = act(x·(w·scales)ᵀ + bias), where x is quantized on the way, and products are those of integers:
//
//	x [m, k] F32, w [n, k] I8 in [-127, 127], scales [n], bias [n] or nil, y [m, n] F32
//	s = Scale, or max|x[i]|/127
//	q = x[i]·(1/s) rounded to even, within ±127
//	y[i,o] = act(float32(Σ q[k]·w[o,k])·(s·scales[o]) + bias[o])
//
// k is at most 133,144, so that sums fit into 32 bits. A row that holds a NaN or an infinity, without Scale, gives NaN.
func DenseInt8(b *graph.Builder, x, w, scales, bias *graph.Value, a DenseInt8Attrs) *graph.Value {
	in := []*graph.Value{x, w, scales}
	if bias != nil {
		in = append(in, bias)
	}
	return b.One(&denseInt8Op, a, in...)
}

func init() {
	denseInt8Op = graph.Op{
		Name:   "dense_int8",
		Doc:    "y = act(x·(w·scales)ᵀ + bias), in 8-bit integers",
		Infer:  inferDenseInt8,
		NoGrad: noGradInt8,
		Eval:   evalDenseInt8,
		Kernel: denseInt8Kernel,
		Cost: func(n *graph.Node) graph.Cost {
			return productCost(n, 2*float64(n.Outputs[0].Shape.Size())*float64(n.Inputs[1].Shape[1]))
		},
		Cases: denseInt8Cases(),
	}
	graph.Ops.Register(denseInt8Op.Name, denseInt8Op.Doc, &denseInt8Op)
}

func inferDenseInt8(attrs any, in []graph.Type) ([]graph.Type, error) {
	if err := quantizedAttrs(attrs.(DenseInt8Attrs)).inputs(in); err != nil {
		return nil, err
	}
	x, w := in[0].Shape, in[1].Shape
	if len(x) != 2 || len(w) != 2 || x[1] != w[1] {
		return nil, fmt.Errorf("x is %v and w %v, want [m, k] and [n, k]", x, w)
	}
	if x[1] > integer.MaxK {
		return nil, fmt.Errorf("x is %v: sums of more than %d products do not fit into 32 bits", x, integer.MaxK)
	}
	return []graph.Type{graph.Floats(x[0], w[0])}, nil
}

func evalDenseInt8(n *graph.Node, in, out []graph.Ref) {
	a, k, outputs := quantizedAttrs(n.Attrs.(DenseInt8Attrs)), n.Inputs[1].Shape[1], n.Inputs[1].Shape[0]
	for i := range n.Inputs[0].Shape[0] {
		q, scale := a.quantizeRef(in[0].F[i*k : (i+1)*k])
		for o := range outputs {
			sum := int32(0)
			for j, v := range q {
				sum += v * in[1].I[o*k+j]
			}
			out[0].F[i*outputs+o] = a.finishRef(in, sum, scale, o)
		}
	}
}

func denseInt8Kernel(n *graph.Node) graph.Kernel {
	a, m := quantizedAttrs(n.Attrs.(DenseInt8Attrs)), n.Inputs[0].Shape[0]
	p := integer.Product{N: n.Inputs[1].Shape[0], K: n.Inputs[1].Shape[1]}
	row := p.Row()
	scales := m * row
	const rows = 64 // of a unit
	sets := ceil(p.Panels(), 4)
	return graph.Kernel{Kept: p.Packed(), Scratch: scales + m, Phases: []graph.Phase{
		{Units: p.Panels(), Once: fixed(n.Inputs[1]), Run: func(c *graph.Call, lo, hi int) { p.Pack(c.Kept, c.In[1].S, lo, hi) }},
		byRows(m, p.K, func(c *graph.Call, lo, hi int) {
			p.Quantize(c.Scratch[lo*row:hi*row], c.Scratch[scales+lo:scales+hi], c.In[0].F[lo*p.K:hi*p.K], hi-lo, p.K, a.Scale)
		}),
		{Units: ceil(m, rows) * sets, Run: func(c *graph.Call, lo, hi int) {
			e := a.epilogue(c)
			for u := lo; u < hi; u++ {
				i, set := u/sets*rows, u%sets
				from, to := p.Panels()*set/sets, p.Panels()*(set+1)/sets
				end := min(i+rows, m)
				p.Run(c.Out[0].F[i*p.N:end*p.N], c.Scratch[i*row:end*row], c.Scratch[scales+i:scales+end], c.Kept, end-i, p.N, e, from, to)
			}
		}},
	}}
}

func denseInt8Cases() []graph.Case {
	in := func(m, k, n int) []graph.Arg {
		w := int8s(n, k)
		return []graph.Arg{graph.Normal(m, k), w, scalesOf(w), graph.Normal(n)}
	}
	return []graph.Case{
		{Name: "plain", Attrs: DenseInt8Attrs{}, In: in(3, 5, 4)[:3]},
		{Name: "bias", Attrs: DenseInt8Attrs{}, In: in(3, 8, 4)},
		{Name: "one row", Attrs: DenseInt8Attrs{Act: ActRelu}, In: in(1, 70, 37)},
		{Name: "one result", Attrs: DenseInt8Attrs{Act: ActTanh}, In: in(4, 3, 1)},
		{Name: "scale", Attrs: DenseInt8Attrs{Scale: 0.02, Act: ActRelu}, In: in(7, 33, 16)},
		{Name: "elu", Attrs: DenseInt8Attrs{Act: ActElu, Alpha: 0.7}, In: in(13, 6, 18)},
		{Name: "nothing negative", Attrs: DenseInt8Attrs{}, In: append([]graph.Arg{graph.Uniform(0, 1, 9, 35)}, in(9, 35, 20)[1:]...)},
		{Name: "large", Attrs: DenseInt8Attrs{Act: ActRelu}, In: in(70, 150, 133)},
	}
}
