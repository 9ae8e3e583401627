package op

import (
	"fmt"

	"dnn/internal/kernel/rand"
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// DropoutAttrs choose the mask: its rate in [0, 1), the run's seed and the stream, a number of the node's own.
type DropoutAttrs struct {
	Rate         float64
	Seed, Stream uint64
}

var dropoutOp graph.Op

// Dropout sets elements of x to 0 with probability rate and multiplies the rest by 1/(1-rate) (Srivastava et al. 2014).
// step is an integer scalar; the mask is a function of (seed, stream, step, place) alone, so the gradient draws it again
// instead of keeping it. The place of an element is its number in x, and from three axes on the number of its row and its
// number in that: so a sequence has the same mask however far it is padded. In place of the scalar, step may be three numbers, of which
// the others say that x is a shard of a batch: the number of its first row in the batch, and how many rows it has. Its elements are
// then counted as those of the batch.
//
//	dx = Dropout(dy) with the same step and attributes
func Dropout(b *graph.Builder, x, step *graph.Value, rate float64, seed, stream uint64) *graph.Value {
	if rate == 0 {
		return x
	}
	return b.One(&dropoutOp, DropoutAttrs{rate, seed, stream}, x, step)
}

func init() {
	dropoutOp = graph.Op{
		Name: "dropout",
		Doc:  "y = x with random elements set to 0, the rest scaled by 1/(1-rate)",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.F32, graph.I32); err != nil {
				return nil, err
			}
			if a := attrs.(DropoutAttrs); !(a.Rate >= 0 && a.Rate < 1) {
				return nil, fmt.Errorf("the rate is %g, want 0 ≤ rate < 1", a.Rate)
			}
			if err := checkStep(in[1]); err != nil {
				return nil, err
			}
			return in[:1:1], nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			return []*graph.Value{b.One(&dropoutOp, n.Attrs, dout[0], n.Inputs[1]), nil}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			a := n.Attrs.(DropoutAttrs)
			kept := make([]float32, len(in[0].F))
			vec.Fill(kept, 1)
			a.run(kept, kept, n.Inputs[0].Shape, in[1].I, 0)
			for i, x := range in[0].F {
				out[0].F[i] = choose(kept[i] != 0, x/(1-a.Rate), 0)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(DropoutAttrs)
			s := n.Outputs[0].Shape
			return elementwise(s.Size(), func(c *graph.Call, lo, hi int) {
				a.run(c.Out[0].F[lo:hi], c.In[0].F[lo:hi], s, c.In[1].I, lo)
			})
		},
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost:    cost(8),
		Cases: []graph.Case{
			{Name: "matrix", Attrs: DropoutAttrs{0.3, 1, 2}, In: []graph.Arg{graph.Normal(5, 13), graph.Index(100)}},
			{Name: "chunks", Attrs: DropoutAttrs{0.5, 7, 0}, In: []graph.Arg{graph.Normal(3, 3001), graph.Index(100)}},
			{Name: "sequences", Attrs: DropoutAttrs{0.4, 7, 3}, In: []graph.Arg{graph.Normal(3, 50, 61), graph.Index(100)}},
			{Name: "none", Attrs: DropoutAttrs{0, 7, 0}, In: []graph.Arg{graph.Normal(9), graph.Index(100)}},
		},
	}
	graph.Ops.Register(dropoutOp.Name, dropoutOp.Doc, &dropoutOp)
}

// checkStep checks what random ops draw from: the step, and where they are computed of a shard of a batch, its first row in the batch
// and how many rows it has.
func checkStep(t graph.Type) error {
	if t.Shape.Rank() != 0 && !t.Shape.Equal(graph.Shape{3}) {
		return fmt.Errorf("the step is %v, want a scalar, or the step, first row and rows of a shard", t)
	}
	return nil
}

// drawsAt is the step that random ops draw from, and the number of the first row.
func drawsAt(at []int32) (step uint64, first int) {
	if len(at) > 1 {
		first = int(at[1])
	}
	return uint64(at[0]), first
}

// rowRoom is how many places each row has where rows have places of their own: more than elements.
const rowRoom = 1 << 40

// run drops some elements of a value of shape s, from number offset on. at is the step, and what shard of a batch x is, if it is one.
func (a DropoutAttrs) run(dst, x []float32, s graph.Shape, at []int32, offset int) {
	step, first := drawsAt(at)
	if first > 0 {
		offset += first * (s.Size() / int(at[2]))
	}
	if s.Rank() <= 2 {
		rand.Dropout(dst, x, float32(a.Rate), a.Seed, a.Stream, step, offset)
		return
	}
	size := s[1:].Size() // of a row
	for len(x) > 0 {
		row, from := offset/size, offset%size
		n := min(len(x), size-from)
		rand.Dropout(dst[:n], x[:n], float32(a.Rate), a.Seed, a.Stream, step, row*rowRoom+from)
		dst, x, offset = dst[n:], x[n:], offset+n
	}
}
