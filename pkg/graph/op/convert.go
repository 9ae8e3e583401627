package op

import (
	"fmt"

	"dnn/internal/kernel/bf16"
	"dnn/pkg/graph"
)

// ConvertAttrs say what becomes of the elements.
type ConvertAttrs struct {
	To graph.DType
	// For tells conversions of one value for different readers from one another. Each then makes a copy that lives briefly, where
	// one for all would live from the first reader to the last.
	For int
}

var convertOp graph.Op

// Convert is x in another type: from F32 to BF16, rounded to the nearest number, ties to even; from BF16 to F32, exactly.
func Convert(b *graph.Builder, x *graph.Value, a ConvertAttrs) *graph.Value {
	return b.One(&convertOp, a, x)
}

func init() {
	half := func(a graph.Arg) graph.Arg { return a.Of(graph.BF16) }
	down, up := ConvertAttrs{To: graph.BF16}, ConvertAttrs{To: graph.F32, For: 1}
	convertOp = graph.Op{
		Name:   "convert",
		Doc:    "y = x in another type: f32 rounded to bf16, or bf16 widened to f32",
		NoGrad: "says how a value is stored, once gradients are there",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if len(in) != 1 {
				return nil, fmt.Errorf("takes 1 input, got %d", len(in))
			}
			to := attrs.(ConvertAttrs).To
			if !in[0].DType.Float() || !to.Float() || in[0].DType == to {
				return nil, fmt.Errorf("%v cannot become %v", in[0], to)
			}
			return []graph.Type{{DType: to, Shape: in[0].Shape}}, nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			copy(out[0].F, in[0].F)
			roundRef(n.Outputs[0].DType, out[0].F)
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			size := n.Outputs[0].Shape.Size()
			if n.Attrs.(ConvertAttrs).To == graph.BF16 {
				return elementwise(size, func(c *graph.Call, lo, hi int) { bf16.Round(c.Out[0].H[lo:hi], c.In[0].F[lo:hi]) })
			}
			return elementwise(size, func(c *graph.Call, lo, hi int) { bf16.Widen(c.Out[0].F[lo:hi], c.In[0].H[lo:hi]) })
		},
		Cost: cost(1),
		Cases: []graph.Case{
			{Name: "round", Attrs: down, In: []graph.Arg{graph.Normal(7, 3)}},
			{Name: "round chunks", Attrs: down, In: []graph.Arg{graph.Uniform(-1e30, 1e30, 3, 2731)}},
			{Name: "round scalar", Attrs: down, In: []graph.Arg{graph.Normal()}},
			{Name: "widen", Attrs: up, In: []graph.Arg{half(graph.Normal(7, 3))}},
			{Name: "widen chunks", Attrs: up, In: []graph.Arg{half(graph.Normal(3, 2731))}},
		},
	}
	graph.Ops.Register(convertOp.Name, convertOp.Doc, &convertOp)
}

// roundRef rounds what a reference computed to the type that it is kept in.
func roundRef(d graph.DType, x []float64) {
	if d != graph.BF16 {
		return
	}
	var narrow [1]float32
	var half [1]uint16
	for i, v := range x {
		narrow[0] = float32(v)
		bf16.Round(half[:], narrow[:])
		bf16.Widen(narrow[:], half[:])
		x[i] = float64(narrow[0])
	}
}
