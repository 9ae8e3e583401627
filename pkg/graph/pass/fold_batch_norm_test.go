package pass_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"dnn/internal/kernel/vec"
	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/graph/pass"
)

// normedNet builds products with norms behind them; every variable holds other numbers.
type normedNet struct {
	*graph.Builder
	vars int
}

func (b *normedNet) variable(class graph.Class, lo float64, shape ...int) *graph.Value {
	b.vars++
	r := rand.New(rand.NewPCG(7, uint64(b.vars)))
	return b.Var(strings.Repeat("v", b.vars), class, shape, func(dst []float32) {
		for i := range dst {
			if dst[i] = float32(r.NormFloat64()); lo > 0 {
				dst[i] = float32(lo + r.Float64())
			}
		}
	}).Value
}

func (b *normedNet) weight(shape ...int) *graph.Value {
	b.vars++
	r := rand.New(rand.NewPCG(9, uint64(b.vars)))
	return b.Param(graph.Param{Name: strings.Repeat("p", b.vars), Shape: shape, Init: func(dst []float32) {
		for i := range dst {
			dst[i] = float32(r.NormFloat64())
		}
	}}, true)
}

func (b *normedNet) norm(x, gamma, beta *graph.Value) *graph.Value {
	n := x.Shape.Last()
	return op.BatchNormApply(b.Builder, x, gamma, beta, b.variable(graph.State, 0, n), b.variable(graph.State, 0.3, n), 1e-3)
}

func TestFoldNorms(t *testing.T) {
	window := op.Window{Rank: 2, Kernel: [3]int{3, 2}, Stride: [3]int{1, 1}, Dilation: [3]int{1, 1}, Before: [3]int{1, 0}, After: [3]int{1, 1}}
	for _, c := range []struct {
		name       string
		shape      graph.Shape
		build      func(b *normedNet, x *graph.Value) *graph.Value
		done, left int
	}{
		{"dense", graph.Shape{9, 6}, func(b *normedNet, x *graph.Value) *graph.Value {
			y := op.Add(b.Builder, op.MatMul(b.Builder, x, b.weight(5, 6), false, true), b.weight(5))
			return op.Activate(b.Builder, b.norm(y, b.weight(5), b.weight(5)), vec.ActRelu, 0)
		}, 1, 0},
		{"dense of sequences, plain", graph.Shape{4, 3, 6}, func(b *normedNet, x *graph.Value) *graph.Value {
			y := op.MatMul(b.Builder, op.Reshape(b.Builder, x, -1, 6), b.weight(6, 5), false, false)
			return b.norm(op.Reshape(b.Builder, y, 4, 3, 5), nil, nil)
		}, 1, 0},
		{"two convolutions", graph.Shape{2, 5, 4, 4}, func(b *normedNet, x *graph.Value) *graph.Value {
			y := b.norm(op.Conv(b.Builder, x, b.weight(6, 2, 3, 2), b.weight(6), window, 2), nil, b.weight(6))
			y = op.Activate(b.Builder, y, vec.ActRelu, 0)
			return b.norm(op.Conv(b.Builder, y, b.weight(3, 6, 3, 2), nil, window, 1), b.weight(3), nil)
		}, 2, 0},
		{"transposed", graph.Shape{2, 5, 4, 6}, func(b *normedNet, x *graph.Value) *graph.Value {
			y := op.ConvTranspose(b.Builder, x, b.weight(6, 4, 3, 2), b.weight(8), window, 2, []int{5, 4})
			return b.norm(y, b.weight(8), b.weight(8))
		}, 1, 0},
		{"behind an activation", graph.Shape{9, 6}, func(b *normedNet, x *graph.Value) *graph.Value {
			y := op.MatMul(b.Builder, x, b.weight(5, 6), false, true)
			return b.norm(op.Activate(b.Builder, y, vec.ActTanh, 0), b.weight(5), nil)
		}, 0, 1},
		{"read twice", graph.Shape{9, 6}, func(b *normedNet, x *graph.Value) *graph.Value {
			y := op.MatMul(b.Builder, x, b.weight(5, 6), false, true)
			return op.Add(b.Builder, b.norm(y, b.weight(5), nil), y)
		}, 0, 1},
		{"scaled by what is fed", graph.Shape{9, 6}, func(b *normedNet, x *graph.Value) *graph.Value {
			y := op.MatMul(b.Builder, x, b.weight(5, 6), false, true)
			return b.norm(y, b.Input("gamma", graph.Floats(5)), nil)
		}, 0, 1},
		{"a product of what is fed", graph.Shape{6, 6}, func(b *normedNet, x *graph.Value) *graph.Value {
			return b.norm(op.MatMul(b.Builder, x, x, false, false), nil, nil)
		}, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &normedNet{Builder: graph.NewBuilder()}
			b.SetOutput("y", c.build(b, b.Input("x", graph.Floats(c.shape...))))
			g, err := b.Finish()
			if err != nil {
				t.Fatal(err)
			}
			state := exec.NewState()
			if err := state.Bind(g); err != nil {
				t.Fatal(err)
			}
			f := pass.NormFolder{Data: state.Data}
			folded, err := f.Run(g)
			if err != nil || f.Folded != c.done || f.Left != c.left {
				t.Fatalf("%d are folded and %d left, want %d and %d; %v", f.Folded, f.Left, c.done, c.left, err)
			}
			if folded, err = pass.Run(folded, nil); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(ops(folded), "batch_norm") != (c.left > 0) {
				t.Errorf("there is %s", ops(folded))
			}
			got, want := answer(t, folded, state), answer(t, g, state)
			scale := 0.0
			for _, v := range want {
				scale = max(scale, math.Abs(float64(v)))
			}
			for i := range want {
				if d := math.Abs(float64(got[i] - want[i])); !(d <= 1e-6*scale) {
					t.Fatalf("y[%d] is %v, unfolded %v", i, got[i], want[i])
				}
			}
			again, err := f.Run(g)
			if err != nil {
				t.Fatal(err)
			}
			shared := map[*float32]bool{}
			for _, data := range folded.Consts {
				shared[&data[0]] = true
			}
			for _, data := range again.Consts {
				if !shared[&data[0]] {
					t.Error("weights are folded twice")
				}
			}
		})
	}
}

// answer runs a graph once on random numbers.
func answer(t *testing.T, g *graph.Graph, state *exec.State) []float32 {
	t.Helper()
	pool := parallel.New(1)
	defer pool.Close()
	p, err := exec.Compile(g, state, pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range g.Nodes {
		if n.Leaf == graph.Input {
			x := p.Feed(n.Name).F
			for i := range x {
				x[i] = float32(r.NormFloat64())
			}
		}
	}
	p.Run()
	return p.Output("y").F
}
