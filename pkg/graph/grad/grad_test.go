package grad_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
)

// objectives are what is differentiated by x and w, both [3,2]. The gradient by a value that an objective does not reach is
// nil.
var objectives = []struct {
	name    string
	reaches string
	build   func(b *graph.Builder, x, w *graph.Value) *graph.Value
}{
	{"a chain", "x", func(b *graph.Builder, x, _ *graph.Value) *graph.Value { return total(b, op.Exp(b, op.Square(b, x))) }},
	{"an input read three times", "xw", func(b *graph.Builder, x, w *graph.Value) *graph.Value {
		return total(b, op.Mul(b, op.Mul(b, x, w), op.Add(b, x, x)))
	}},
	{"a result read twice, at different depths", "xw", func(b *graph.Builder, x, w *graph.Value) *graph.Value {
		y := op.Mul(b, x, w)
		return total(b, op.Add(b, op.Square(b, op.Exp(b, y)), y))
	}},
	{"one input only", "w", func(b *graph.Builder, x, w *graph.Value) *graph.Value {
		op.Mul(b, x, w) // nothing reads it
		return total(b, op.Square(b, w))
	}},
	{"a constant", "", func(b *graph.Builder, _, _ *graph.Value) *graph.Value { return total(b, b.Scalar(3)) }},
	{"repeated on the way", "xw", func(b *graph.Builder, x, w *graph.Value) *graph.Value {
		return total(b, op.Mul(b, x, op.Slice(b, w, 0, 1, 2)))
	}},
	{"one of several outputs", "xw", func(b *graph.Builder, x, w *graph.Value) *graph.Value {
		y, _, _ := op.LayerNorm(b, x, nil, nil, 1e-3)
		return total(b, op.Mul(b, y, w))
	}},
	{"all outputs of a recurrent layer", "xw", func(b *graph.Builder, x, w *graph.Value) *graph.Value {
		in := op.Recurrent{X: op.Reshape(b, x, 1, 3, 2), W: op.Slice(b, w, 0, 0, 2), H0: op.Slice(b, w, 0, 2, 3)}
		y, last := op.RNN(b, in, vec.ActTanh)
		return op.Add(b, total(b, op.Square(b, y)), total(b, op.Exp(b, last)))
	}},
	{"through a decomposition", "xw", func(b *graph.Builder, x, w *graph.Value) *graph.Value {
		return total(b, op.SoftmaxCrossEntropy(b, x, op.Square(b, w)))
	}},
	{"through a decomposition of equal inputs", "x", func(b *graph.Builder, x, _ *graph.Value) *graph.Value {
		return total(b, op.SoftmaxCrossEntropy(b, x, x))
	}},
	{"through a decomposition and past it", "xw", func(b *graph.Builder, x, w *graph.Value) *graph.Value {
		y := op.Mul(b, x, w)
		return op.Add(b, total(b, op.Dense(b, y, w, nil, vec.ActTanh, 0, true)), total(b, op.Square(b, y)))
	}},
	{"through a decomposition with several outputs", "xw", func(b *graph.Builder, x, w *graph.Value) *graph.Value {
		out := b.Add(pair, nil, x, w)
		return op.Add(b, total(b, out[0]), total(b, out[1]))
	}},
}

// pair stands for eˣ·w and eˣ², which share a node.
var pair = &graph.Op{
	Name:  "pair",
	Infer: func(_ any, in []graph.Type) ([]graph.Type, error) { return in, nil },
	Decompose: func(b *graph.Builder, n *graph.Node) []*graph.Value {
		e := op.Exp(b, n.Inputs[0])
		return []*graph.Value{op.Mul(b, e, n.Inputs[1]), op.Square(b, e)}
	},
	Eval: func(_ *graph.Node, in, out []graph.Ref) {
		for i, x := range in[0].F {
			out[0].F[i], out[1].F[i] = math.Exp(x)*in[1].F[i], math.Exp(2*x)
		}
	},
}

func total(b *graph.Builder, v *graph.Value) *graph.Value { return op.Sum(b, v, nil, false) }

// TestBuild compares gradients with central differences in float64.
func TestBuild(t *testing.T) {
	for _, c := range objectives {
		t.Run(c.name, func(t *testing.T) {
			b := graph.NewBuilder()
			x, w := b.Input("x", graph.Floats(3, 2)), b.Input("w", graph.Floats(3, 2))
			objective := c.build(b, x, w)
			grads := grad.Build(b, objective, nil, []*graph.Value{x, w})
			g := finish(t, b)
			feeds := map[string]graph.Ref{"x": draw(1), "w": draw(2)}
			values := exec.Evaluate(g, feeds)
			for i, name := range []string{"x", "w"} {
				if (grads[i] != nil) != slices.Contains([]rune(c.reaches), rune(name[0])) {
					t.Errorf("the gradient by %s is %v", name, grads[i])
					continue
				}
				for j := range feeds[name].F {
					want, got := difference(g, objective, feeds, name, j), 0.0
					if grads[i] != nil {
						got = values[grads[i]].F[j]
					}
					if math.Abs(got-want) > 1e-7*max(1, math.Abs(want)) {
						t.Errorf("by %s[%d] the gradient says %v, differences say %v", name, j, got, want)
					}
				}
			}
		})
	}
}

func draw(seed uint64) graph.Ref {
	r, x := rand.New(rand.NewPCG(seed, 0)), make([]float64, 6)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	return graph.Ref{F: x}
}

// difference is the derivative of the objective by one element, from four values (error of the order h⁴).
func difference(g *graph.Graph, objective *graph.Value, feeds map[string]graph.Ref, name string, j int) float64 {
	x := feeds[name].F
	was := x[j]
	defer func() { x[j] = was }()
	at := func(h float64) float64 {
		x[j] = was + h
		return exec.Evaluate(g, feeds)[objective].F[0]
	}
	const h = 1e-3
	return (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * h)
}

// A seed scales the gradient; without one the objective's elements all count once.
func TestSeed(t *testing.T) {
	b := graph.NewBuilder()
	x := b.Input("x", graph.Floats(3))
	y := op.Square(b, x)
	plain := grad.Build(b, y, nil, []*graph.Value{x})[0]
	seeded := grad.Build(b, y, b.Const(graph.Shape{3}, []float32{0, 1, -2}), []*graph.Value{x})[0]
	values := exec.Evaluate(finish(t, b), map[string]graph.Ref{"x": {F: []float64{5, 6, 7}}})
	if got := values[plain].F; !slices.Equal(got, []float64{10, 12, 14}) {
		t.Errorf("without a seed: %v", got)
	}
	if got := values[seeded].F; !slices.Equal(got, []float64{0, 12, -28}) {
		t.Errorf("with a seed: %v", got)
	}
}

// The walk stops at what is asked for, so that no gradient flows to what that is computed from, be it the objective itself.
func TestWalkStopsAtWanted(t *testing.T) {
	b := graph.NewBuilder()
	x := b.Input("x", graph.Floats(3))
	middle := op.Exp(b, x)
	y := op.Add(b, op.Square(b, middle), x)
	before := len(b.Values())
	grads := grad.Build(b, y, nil, []*graph.Value{middle, x})
	whole := grad.Build(b, y, nil, []*graph.Value{y, x})
	added := b.Values()[before:]
	values := exec.Evaluate(finish(t, b), map[string]graph.Ref{"x": {F: []float64{0, 0, 0}}})
	for i, want := range []float64{2, 1} { // by x only what does not go through exp
		if got := values[grads[i]].F[0]; got != want {
			t.Errorf("gradient %d is %v, want %v", i, got, want)
		}
	}
	if got := values[whole[0]].F; !slices.Equal(got, []float64{1, 1, 1}) || whole[1] != nil {
		t.Errorf("by itself the gradient is %v, by what it is computed from %v", got, whole[1])
	}
	for _, v := range added {
		if v.Node.Stage != graph.Backward {
			t.Errorf("%s belongs to %v", v.Node.Label(), v.Node.Stage)
		}
	}
}

// Nodes of a gradient belong to the layer they are for, and the builder is left as it was.
func TestScopes(t *testing.T) {
	b := graph.NewBuilder()
	x := b.Input("x", graph.Floats(3))
	b.Scope = "layer"
	y := op.Exp(b, x)
	b.Scope, b.Stage = "after", graph.Update
	dx := grad.Build(b, y, nil, []*graph.Value{x})[0]
	if dx.Node.Scope != "layer" || dx.Node.Stage != graph.Backward || b.Scope != "after" || b.Stage != graph.Update {
		t.Errorf("the gradient is of %q, %v; the builder is left with %q, %v", dx.Node.Scope, dx.Node.Stage, b.Scope, b.Stage)
	}
}

// What cannot be differentiated is refused by name, but only where the way leads through it.
func TestNoGradient(t *testing.T) {
	b := graph.NewBuilder()
	x := b.Input("x", graph.Floats(3))
	way := op.Square(b, x)
	packed := op.Pack(b, 16, []int{0}, way)
	err := refusal(func() { grad.Build(b, packed, nil, []*graph.Value{x}) })
	var missing *grad.NoGradient
	if e, ok := err.(error); !ok || !errors.As(e, &missing) || missing.Op != "pack" || e.Error() != "op pack has no gradient: only gradients are packed" {
		t.Errorf("refused with %v", err)
	}
	sum := op.Add(b, op.Slice(b, packed, 0, 0, 3), b.Input("y", graph.Floats(3)))
	if err := refusal(func() { grad.Build(b, sum, nil, []*graph.Value{b.Input("y", graph.Floats(3))}) }); err != nil {
		t.Errorf("what lies beside the way is refused with %v", err)
	}
}

// An op whose gradient does not fit its input is a mistake of the op.
func TestGradientOfWrongShape(t *testing.T) {
	wrong := &graph.Op{
		Name:  "wrong",
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) { return in, nil },
		Grad: func(b *graph.Builder, _ *graph.Node, dout []*graph.Value) []*graph.Value {
			return []*graph.Value{op.Slice(b, dout[0], 0, 0, 1)}
		},
	}
	b := graph.NewBuilder()
	x := b.Input("x", graph.Floats(3))
	y := b.One(wrong, nil, x)
	want := "grad: wrong gives [1] for input 0 of shape [3]"
	if got := refusal(func() { grad.Build(b, y, nil, []*graph.Value{x}) }); fmt.Sprint(got) != want {
		t.Errorf("refused with %v, want %s", got, want)
	}
}

// refusal is what f panics with.
func refusal(f func()) (reason any) {
	defer func() { reason = recover() }()
	f()
	return nil
}

func finish(t *testing.T, b *graph.Builder) *graph.Graph {
	t.Helper()
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return g
}
