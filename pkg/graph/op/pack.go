package op

import (
	"fmt"

	"dnn/pkg/graph"
)

// PackAttrs tell where each input lies in a flat array.
type PackAttrs struct {
	Size    int
	Offsets []int
}

var packOp graph.Op

// Pack lays tensors into one flat array [size], each from its offset on, with zeros in the gaps. Offsets ascend and the
// tensors do not overlap. The plan lets the inputs be computed in their places where it can; it serves to lay gradients
// beside the flat array of parameters.
func Pack(b *graph.Builder, size int, offsets []int, xs ...*graph.Value) *graph.Value {
	return b.One(&packOp, PackAttrs{size, append([]int{}, offsets...)}, xs...)
}

func init() {
	packOp = graph.Op{
		Name:   "pack",
		Doc:    "y [size] = the inputs laid flat, each from its offset on, zeros between",
		NoGrad: "only gradients are packed",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, len(in)); err != nil {
				return nil, err
			}
			a := attrs.(PackAttrs)
			if len(in) != len(a.Offsets) {
				return nil, fmt.Errorf("%d inputs, but %d offsets", len(in), len(a.Offsets))
			}
			end := 0
			for i, t := range in {
				if a.Offsets[i] < end || a.Offsets[i]+t.Shape.Size() > a.Size {
					return nil, fmt.Errorf("input %d, %v, does not fit at %d of [%d] after %d", i, t.Shape, a.Offsets[i], a.Size, end)
				}
				end = a.Offsets[i] + t.Shape.Size()
			}
			return []graph.Type{graph.Floats(a.Size)}, nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			for i, off := range n.Attrs.(PackAttrs).Offsets {
				copy(out[0].F[off:], in[i].F)
			}
		},
		Kernel: packKernel,
		Pack:   func(n *graph.Node) []int { return n.Attrs.(PackAttrs).Offsets },
		Cost:   func(n *graph.Node) graph.Cost { return graph.Cost{} }, // most inputs are computed in place
		Cases: []graph.Case{
			{Name: "gaps", Attrs: PackAttrs{40, []int{0, 16, 32}}, In: []graph.Arg{graph.Normal(3, 5), graph.Normal(16), graph.Normal()}},
			{Name: "tight", Attrs: PackAttrs{9, []int{1, 5}}, In: []graph.Arg{graph.Normal(2, 2), graph.Normal(4)}},
		},
	}
	graph.Ops.Register(packOp.Name, packOp.Doc, &packOp)
}

// packKernel has a unit for each input, which also fills the gap before it, and one for the end.
func packKernel(n *graph.Node) graph.Kernel {
	a := n.Attrs.(PackAttrs)
	ends := make([]int, len(n.Inputs)+1) // where the input before each unit ends
	for i, x := range n.Inputs {
		ends[i+1] = a.Offsets[i] + x.Shape.Size()
	}
	return graph.Parallel(len(ends), func(c *graph.Call, lo, hi int) {
		for i := lo; i < hi; i++ {
			if i == len(a.Offsets) {
				clear(c.Out[0].F[ends[i]:])
				continue
			}
			clear(c.Out[0].F[ends[i]:a.Offsets[i]])
			if !c.InPlaced[i] {
				copy(c.Out[0].F[a.Offsets[i]:ends[i+1]], c.In[i].F)
			}
		}
	})
}
