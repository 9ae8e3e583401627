package op

import (
	"fmt"
	"slices"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// TransposeAttrs tell which axis of the input becomes each axis of the output.
type TransposeAttrs struct{ Perm []int }

var transposeOp graph.Op

// Transpose reorders axes: y's axis i is x's axis perm[i]. perm names each axis once.
//
//	dx = dy with the axes put back
func Transpose(b *graph.Builder, x *graph.Value, perm ...int) *graph.Value {
	return b.One(&transposeOp, TransposeAttrs{slices.Clone(perm)}, x)
}

func init() {
	transposeOp = graph.Op{
		Name: "transpose",
		Doc:  "y = x with its axes reordered",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 1); err != nil {
				return nil, err
			}
			perm, s := attrs.(TransposeAttrs).Perm, in[0].Shape
			sorted := slices.Sorted(slices.Values(perm))
			if len(perm) != len(s) || len(s) > 0 && (sorted[0] != 0 || len(slices.Compact(sorted)) != len(s) || sorted[len(s)-1] != len(s)-1) {
				return nil, fmt.Errorf("%v is no order of the axes of %v", perm, s)
			}
			return []graph.Type{graph.Floats(permute(s, perm)...)}, expectRank(s)
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			perm := n.Attrs.(TransposeAttrs).Perm
			back := make([]int, len(perm))
			for i, ax := range perm {
				back[ax] = i
			}
			return []*graph.Value{Transpose(b, dout[0], back...)}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			d := permute(strides(n.Inputs[0].Shape), n.Attrs.(TransposeAttrs).Perm)
			eachIndex(n.Outputs[0].Shape, func(i int, at []int) { out[0].F[i] = in[0].F[at[0]] }, d)
		},
		Kernel: transposeKernel,
		Cost:   cost(0),
		Cases: []graph.Case{
			{Name: "matrix", Attrs: TransposeAttrs{[]int{1, 0}}, In: []graph.Arg{graph.Normal(5, 7)}},
			{Name: "large matrix", Attrs: TransposeAttrs{[]int{1, 0}}, In: []graph.Arg{graph.Normal(130, 67)}},
			{Name: "batch", Attrs: TransposeAttrs{[]int{0, 2, 1}}, In: []graph.Arg{graph.Normal(3, 4, 5)}},
			{Name: "channels first", Attrs: TransposeAttrs{[]int{0, 3, 1, 2}}, In: []graph.Arg{graph.Normal(2, 9, 9, 33)}},
			{Name: "heads", Attrs: TransposeAttrs{[]int{0, 2, 1, 3}}, In: []graph.Arg{graph.Normal(2, 5, 3, 4)}},
			{Name: "reversed", Attrs: TransposeAttrs{[]int{2, 1, 0}}, In: []graph.Arg{graph.Normal(3, 4, 5)}},
			{Name: "ones", Attrs: TransposeAttrs{[]int{1, 0, 2}}, In: []graph.Arg{graph.Normal(1, 4, 1)}},
			{Name: "cycle", Attrs: TransposeAttrs{[]int{3, 0, 2, 1}}, In: []graph.Arg{graph.Normal(2, 3, 4, 5)}},
		},
	}
	graph.Ops.Register(transposeOp.Name, transposeOp.Doc, &transposeOp)
}

func permute[S ~[]int](s S, perm []int) S {
	out := make(S, len(perm))
	for i, ax := range perm {
		out[i] = s[ax]
	}
	return out
}

func transposeKernel(n *graph.Node) graph.Kernel {
	d := permute(strides(n.Inputs[0].Shape), n.Attrs.(TransposeAttrs).Perm)
	loops := newNest(n.Outputs[0].Shape, d)
	if batch, rows, cols, ok := loops.matrices(); ok {
		return graph.Kernel{Phases: []graph.Phase{transposeMatrices(batch, rows, cols)}}
	}
	_, stride := loops.inner(0)
	return graph.Kernel{Phases: []graph.Phase{loops.phase(func(c *graph.Call, length, y, x, _ int) {
		dst, src := c.Out[0].F[y:y+length], c.In[0].F[x:]
		if stride == 1 {
			copy(dst, src)
			return
		}
		for i := range dst {
			dst[i] = src[i*stride]
		}
	})}}
}

// matrices reports whether the nest transposes a batch of matrices [rows, cols], as it does after merging for most
// orders of axes.
func (n *nest) matrices() (batch, rows, cols int, ok bool) {
	e, d := n.extent, n.stride[0]
	batch = 1
	if len(e) == 3 && d[0] == e[1]*e[2] {
		batch, e, d = e[0], e[1:], d[1:]
	}
	if len(e) != 2 || d[0] != 1 || d[1] != e[0] {
		return 0, 0, 0, false
	}
	return batch, e[1], e[0], true
}

// transposeMatrices is cut by rows of the output.
func transposeMatrices(batch, rows, cols int) graph.Phase {
	size := rows * cols
	return byRows(batch*cols, rows, func(c *graph.Call, lo, hi int) {
		for i := lo / cols; i*cols < hi; i++ {
			vec.Transpose2D(part(c.Out[0].F, i, size), part(c.In[0].F, i, size), rows, cols,
				max(lo-i*cols, 0), min(hi-i*cols, cols))
		}
	})
}
