package pass_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/graph/pass"
)

func init() {
	cases("simplify", rewritings{
		fires: []rewriting{
			{"times one", func(b *sketch) *graph.Value { return op.Exp(b.Builder, op.Mul(b.Builder, b.in(2), b.Scalar(1))) }},
			{"transposed operand", func(b *sketch) *graph.Value {
				return op.MatMul(b.Builder, b.in(2, 3), op.Transpose(b.Builder, b.in(4, 3), 1, 0), false, false)
			}},
		},
		stays: []rewriting{
			{"by three", func(b *sketch) *graph.Value { return op.Div(b.Builder, b.in(2), b.Scalar(3)) }},
			{"first product not exact", func(b *sketch) *graph.Value {
				return op.Scale(b.Builder, op.Scale(b.Builder, b.in(2), 0.3), 0.7)
			}},
			{"output that would be the input", func(b *sketch) *graph.Value { return op.Scale(b.Builder, b.in(2), 1) }},
		},
	})
}

// hard are numbers that identities fail on which only hold on paper.
var hard = []float32{
	0, float32(math.Copysign(0, -1)), 1, -3.7, math.MaxFloat32, -math.MaxFloat32, 1e-45, -3e-45, 1.1754944e-38, 7e-39,
	float32(math.Inf(1)), float32(math.Inf(-1)),
}

// ops lists the ops of a graph that cost something, in order.
func ops(g *graph.Graph) string {
	var names []string
	for _, n := range g.Nodes {
		if n.Op != nil && n.Op.View == nil {
			names = append(names, n.Op.Name)
		}
	}
	return strings.Join(names, " ")
}

// compute runs a graph once on hard numbers and returns the bits of its output y.
func compute(t *testing.T, g *graph.Graph) string {
	t.Helper()
	pool := parallel.New(1)
	defer pool.Close()
	p, err := exec.Compile(g, exec.NewState(), pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range g.Nodes {
		if n.Leaf == graph.Input {
			x := p.Feed(n.Name).F
			for i := range x {
				x[i] = hard[(i+len(n.Name)*i/5)%len(hard)]
			}
		}
	}
	p.Run()
	var bits strings.Builder
	for _, v := range p.Output("y").F {
		if v != v {
			fmt.Fprint(&bits, " NaN")
			continue
		}
		fmt.Fprintf(&bits, " %08x", math.Float32bits(v))
	}
	return bits.String()
}

func TestSimplify(t *testing.T) {
	full := func(b *graph.Builder, c float64) *graph.Value { return op.BroadcastTo(b, b.Scalar(c), 400, 300) }
	for _, c := range []struct {
		name  string
		shape graph.Shape
		build func(b *graph.Builder, x *graph.Value) *graph.Value
		want  string
	}{
		{"times one", graph.Shape{4, 3}, func(b *graph.Builder, x *graph.Value) *graph.Value { return op.Mul(b, op.Scale(b, x, 1), b.Scalar(1)) }, ""},
		{"large ones", graph.Shape{400, 300}, func(b *graph.Builder, x *graph.Value) *graph.Value { return op.Mul(b, full(b, 1), x) }, ""},
		{"large number", graph.Shape{400, 300}, func(b *graph.Builder, x *graph.Value) *graph.Value { return op.Mul(b, x, op.Scale(b, full(b, 3), 0.1)) }, "scale"},
		{"by a power of two", graph.Shape{12}, func(b *graph.Builder, x *graph.Value) *graph.Value { return op.Div(b, x, b.Scalar(-4)) }, "scale"},
		{"by three", graph.Shape{12}, func(b *graph.Builder, x *graph.Value) *graph.Value { return op.Div(b, x, b.Scalar(3)) }, "div"},
		{"plus zero", graph.Shape{12}, func(b *graph.Builder, x *graph.Value) *graph.Value { return op.Add(b, x, b.Scalar(0)) }, "add_scalar"},
		{"minus zero", graph.Shape{12}, func(b *graph.Builder, x *graph.Value) *graph.Value { return op.Sub(b, x, b.Scalar(0)) }, ""},
		{"minus one", graph.Shape{12}, func(b *graph.Builder, x *graph.Value) *graph.Value { return op.Sub(b, x, b.Scalar(1)) }, "add_scalar"},
		{"plus negative", graph.Shape{12}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Add(b, op.Scale(b, x, -1), op.Square(b, x))
		}, "square sub"},
		{"minus negative", graph.Shape{12}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Sub(b, op.Square(b, x), op.Scale(b, x, -1))
		}, "square add"},
		{"signs", graph.Shape{12}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Scale(b, op.Scale(b, op.Scale(b, x, -1), 0.3), -1)
		}, "scale"},
		{"doubled and more", graph.Shape{12}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Scale(b, op.Scale(b, x, 2), 3)
		}, "scale"},
		{"doubled and less", graph.Shape{12}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Scale(b, op.Scale(b, x, 2), 0.5)
		}, "scale scale"},
		{"halved and more", graph.Shape{12}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Scale(b, op.Scale(b, x, 0.5), 3)
		}, "scale scale"},
		{"sum of single elements", graph.Shape{12, 1}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Sum(b, x, []int{1}, false)
		}, ""},
		{"repeated for an op that repeats", graph.Shape{12, 1}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Maximum(b, op.BroadcastTo(b, x, 12, 3), b.Input("other", graph.Floats(12, 3)))
		}, "maximum"},
		{"repeated on both sides", graph.Shape{12, 1}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Maximum(b, op.BroadcastTo(b, x, 12, 3), op.BroadcastTo(b, b.Input("other", graph.Floats(1, 3)), 12, 3))
		}, "maximum"},
		{"repeated on one side only", graph.Shape{12, 1}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Maximum(b, op.BroadcastTo(b, x, 12, 3), b.Input("other", graph.Floats(12, 1)))
		}, "broadcast_to maximum"},
		{"axes put back", graph.Shape{2, 3, 2}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Transpose(b, op.Transpose(b, x, 1, 2, 0), 2, 0, 1)
		}, ""},
		{"axes of one element", graph.Shape{4, 1, 3}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Transpose(b, x, 1, 0, 2)
		}, ""},
		{"axes moved twice", graph.Shape{2, 3, 2}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Transpose(b, op.Transpose(b, x, 1, 2, 0), 1, 0, 2)
		}, "transpose"},
		{"product of a transposed matrix", graph.Shape{4, 3}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.MatMul(b, op.Transpose(b, x, 1, 0), op.Transpose(b, b.Input("other", graph.Floats(5, 4)), 1, 0), false, false)
		}, "matmul"},
		{"first rows", graph.Shape{4, 3}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Square(b, op.Slice(b, x, 0, 1, 3))
		}, "square"},
		{"first columns", graph.Shape{4, 3}, func(b *graph.Builder, x *graph.Value) *graph.Value {
			return op.Slice(b, x, 1, 1, 3)
		}, "slice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := graph.NewBuilder()
			// The output is one that no identity applies to: what a caller reads is never the input itself.
			b.SetOutput("y", op.Concat(b, 0, flat(b, c.build(b, b.Input("x", graph.Floats(c.shape...)))), b.Const(graph.Shape{1}, []float32{1})))
			g, err := b.Finish()
			if err != nil {
				t.Fatal(err)
			}
			o, err := pass.Run(g, []string{"fuse_elementwise"})
			if err != nil {
				t.Fatal(err)
			}
			want := strings.TrimSpace(c.want + " concat")
			if got := ops(o); got != want {
				t.Errorf("%q, want %q", got, want)
			}
			if got, want := compute(t, o), compute(t, g); got != want {
				t.Errorf("the bits are\n%s, want\n%s", got, want)
			}
		})
	}
}

// flat lays a value out in one axis.
func flat(b *graph.Builder, v *graph.Value) *graph.Value { return op.Reshape(b, v, v.Shape.Size()) }
