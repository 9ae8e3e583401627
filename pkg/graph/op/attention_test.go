package op_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/pkg/graph"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
)

// attended is a run of an attention and of its gradient for dy; lengths and offset may be nil.
type attended struct {
	a               op.Attention
	rows, m, n      int
	d, e            int
	q, k, v, dy     []float32
	lengths, offset []int32
}

// newAttended draws the inputs of one.
func newAttended(a op.Attention, rows, m, n, d, e int) attended {
	r := random(fmt.Sprint(rows, m, n, d, e))
	floats := func(shape ...int) []float32 {
		_, b := draw(graph.Normal(shape...), r)
		return b.F
	}
	return attended{
		a: a, rows: rows, m: m, n: n, d: d, e: e, q: floats(rows, m, a.Heads*d), k: floats(rows, n, a.KeyHeads*d),
		v: floats(rows, n, a.KeyHeads*e), dy: floats(rows, m, a.Heads*e),
	}
}

// run returns y, dq, dk and dv; build makes y of the inputs.
func (x attended) run(t *testing.T, build func(b *graph.Builder, a op.Attention) *graph.Value) []graph.Buffer {
	t.Helper()
	b := graph.NewBuilder()
	a := x.a
	a.Q, a.K = b.Input("q", graph.Floats(x.rows, x.m, a.Heads*x.d)), b.Input("k", graph.Floats(x.rows, x.n, a.KeyHeads*x.d))
	a.V = b.Input("v", graph.Floats(x.rows, x.n, a.KeyHeads*x.e))
	if x.lengths != nil {
		a.Lengths = b.Input("lengths", graph.Ints(x.rows))
	}
	if x.offset != nil {
		a.Offset = b.Input("offset", graph.Ints(x.rows))
	}
	if a.Rate > 0 {
		a.Step = b.Input("step", graph.Ints())
	}
	y := build(b, a)
	dy := b.Input("dy", y.Type)
	objective := op.Sum(b, op.Mul(b, y, dy), nil, false)
	values := append([]*graph.Value{y}, grad.Build(b, objective, nil, []*graph.Value{a.Q, a.K, a.V})...)
	return runGraph(finish(t, b), map[string]graph.Buffer{
		"q": {F: x.q}, "k": {F: x.k}, "v": {F: x.v}, "dy": {F: x.dy}, "lengths": {I: x.lengths}, "offset": {I: x.offset},
		"step": {I: []int32{3}},
	}, values...)
}

// part is what belongs to the places [i0,i1) of the queries and [j0,j1) of the keys of some rows.
func (x attended) part(rows []int, i0, i1, j0, j1 int) attended {
	cut := func(s []float32, places, width, lo, hi int) (out []float32) {
		for _, row := range rows {
			out = append(out, s[(row*places+lo)*width:(row*places+hi)*width]...)
		}
		return out
	}
	y := x
	y.rows, y.m, y.n = len(rows), i1-i0, j1-j0
	y.q, y.k = cut(x.q, x.m, x.a.Heads*x.d, i0, i1), cut(x.k, x.n, x.a.KeyHeads*x.d, j0, j1)
	y.v, y.dy = cut(x.v, x.n, x.a.KeyHeads*x.e, j0, j1), cut(x.dy, x.m, x.a.Heads*x.e, i0, i1)
	y.lengths, y.offset = nil, nil
	for _, row := range rows {
		if x.lengths != nil {
			y.lengths = append(y.lengths, x.lengths[row])
		}
		if x.offset != nil {
			y.offset = append(y.offset, x.offset[row])
		}
	}
	return y
}

// attentionSettings are the ways to attend whose bits must not depend on what is computed with them.
var attentionSettings = map[string]op.Attention{
	"plain":         {Heads: 2, KeyHeads: 2},
	"causal":        {Heads: 2, KeyHeads: 1, Causal: true},
	"window":        {Heads: 4, KeyHeads: 2, Window: 50},
	"causal window": {Heads: 2, KeyHeads: 2, Causal: true, Window: 70, ALiBi: true},
	"dropout":       {Heads: 2, KeyHeads: 2, Causal: true, Rate: 0.3, Seed: 5, Stream: 6},
}

// eachSetting runs f for all settings on all variants of the kernels.
func eachSetting(t *testing.T, f func(t *testing.T, a op.Attention)) {
	defer cpu.Use(cpu.Variant())
	for _, v := range cpu.Variants() {
		if err := cpu.Use(v); err != nil {
			t.Fatal(err)
		}
		for name, a := range attentionSettings {
			t.Run(v+"/"+name, func(t *testing.T) { f(t, a) })
		}
	}
}

// TestAttentionByQuery: queries computed one by one, or some by some, against keys that were computed before have the bits
// of all at once, wherever the memory for keys ends.
func TestAttentionByQuery(t *testing.T) {
	eachSetting(t, func(t *testing.T, a op.Attention) {
		if a.Rate > 0 {
			return // drawn by place in the call
		}
		const m = 150
		x := newAttended(a, 2, m, m, 8, 5)
		whole := x.run(t, op.Attend)
		for i := 0; i < m; {
			n := 1 + i%11*(i%3)
			i1 := min(i+n, m)
			y := x.part([]int{0, 1}, i, i1, 0, m)
			y.offset = []int32{int32(i), int32(i)}
			if a.Causal {
				y.lengths = []int32{int32(i1), int32(i1)}
				spoil(&y, i1)
			}
			want := whole[0].F
			for row := range 2 {
				w := a.Heads * x.e
				got := y.run(t, op.Attend)[0].F[row*y.m*w : (row+1)*y.m*w]
				sameBits(t, fmt.Sprint("queries from ", i), []graph.Buffer{{F: got}}, []graph.Buffer{{F: want[(row*m+i)*w : (row*m+i1)*w]}})
			}
			i = i1
		}
	})
}

// spoil makes keys and values from place n on NaN: nobody may read them.
func spoil(x *attended, n int) {
	for row := range x.rows {
		for _, s := range [][]float32{x.k, x.v} {
			width := len(s) / x.rows / x.n
			for i := (row*x.n + n) * width; i < (row+1)*x.n*width; i++ {
				s[i] = float32(math.NaN())
			}
		}
	}
}

// TestAttentionOfPaddedRows: padding and the other rows of a batch change no bit of a row, neither of results nor of
// gradients, and gradients are the same whether there are few heads or many.
func TestAttentionOfPaddedRows(t *testing.T) {
	eachSetting(t, func(t *testing.T, a op.Attention) {
		const rows, m, n = 5, 130, 160
		x := newAttended(a, rows, m, n, 6, 7)
		x.lengths = []int32{160, 3, 129, 128, 77}
		for row, length := range x.lengths {
			for i := int(length) * a.Heads * x.e; i < m*a.Heads*x.e; i++ {
				x.dy[row*m*a.Heads*x.e+i] = 0 // as a loss that is blind to padding gives
			}
		}
		all := x.run(t, op.Attend)
		for row, length := range x.lengths {
			if a.Rate > 0 && row > 0 {
				break // drawn by row
			}
			n, m := int(length), min(int(length), m)
			y := x.part([]int{row}, 0, m, 0, n)
			y.lengths = nil
			for i, got := range y.run(t, op.Attend) {
				size := len(all[i].F) / rows
				sameBits(t, fmt.Sprint("row ", row), []graph.Buffer{got}, []graph.Buffer{{F: all[i].F[row*size:][:len(got.F)]}})
				for _, v := range all[i].F[row*size+len(got.F) : (row+1)*size] {
					if v != 0 && i > 0 {
						t.Fatalf("row %d: the gradient of padding is %v", row, v)
					}
				}
			}
		}
	})
}

// TestAttentionEqualsItsSteps: it gives what simple ops give, up to rounding, and so do its gradients and weights.
func TestAttentionEqualsItsSteps(t *testing.T) {
	for name, a := range attentionSettings {
		if a.KeyHeads != a.Heads || a.Rate > 0 {
			a.KeyHeads, a.Rate = a.Heads, 0
		}
		t.Run(name, func(t *testing.T) {
			x := newAttended(a, 2, 140, 150, 9, 6)
			mask := make([]float32, x.m*x.n)
			for p := range mask {
				distance := p/x.n - p%x.n
				if a.Causal && distance < 0 || a.Window > 0 && max(distance, -distance) >= a.Window {
					mask[p] = -1e9
				}
			}
			weights := func(b *graph.Builder, a op.Attention) *graph.Value {
				s := op.Scale(b, op.MatMul(b, heads(b, a.Q, a.Heads), heads(b, a.K, a.Heads), false, true), 1/3.0)
				if a.ALiBi {
					var bias []float32
					for h := range a.Heads {
						for p := range mask {
							bias = append(bias, -float32(math.Exp2(-8*float64(h+1)/float64(a.Heads))*math.Abs(float64(p/x.n-p%x.n))))
						}
					}
					s = op.Add(b, s, b.Const(graph.Shape{a.Heads, x.m, x.n}, bias))
				}
				return op.Softmax(b, op.Add(b, s, b.Const(graph.Shape{x.m, x.n}, mask)))
			}
			got := x.run(t, op.Attend)
			want := x.run(t, func(b *graph.Builder, a op.Attention) *graph.Value {
				y := op.Transpose(b, op.MatMul(b, weights(b, a), heads(b, a.V, a.Heads), false, false), 0, 2, 1, 3)
				return op.Reshape(b, y, x.rows, x.m, a.Heads*x.e)
			})
			for i := range want {
				near(t, fmt.Sprint("value ", i), got[i].F, want[i].F)
			}

			b := graph.NewBuilder()
			a.Q, a.K = b.Input("q", graph.Floats(x.rows, x.m, a.Heads*x.d)), b.Input("k", graph.Floats(x.rows, x.n, a.Heads*x.d))
			both := []*graph.Value{op.AttentionWeights(b, a), weights(b, a)}
			w := runGraph(finish(t, b), map[string]graph.Buffer{"q": {F: x.q}, "k": {F: x.k}}, both...)
			near(t, "weights", w[0].F, w[1].F)
		})
	}
}

// heads turns [rows, places, heads·width] into [rows, heads, places, width].
func heads(b *graph.Builder, x *graph.Value, n int) *graph.Value {
	return op.Transpose(b, op.Reshape(b, x, x.Shape[0], x.Shape[1], n, x.Shape[2]/n), 0, 2, 1, 3)
}

func near(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i, w := range want {
		if math.Abs(float64(got[i]-w)) > 1e-5*(1+math.Abs(float64(w))) {
			t.Fatalf("%s, element %d is %v, want %v", what, i, got[i], w)
		}
	}
}

// TestAttentionToNothing: a query that sees no key gives 0 and has no gradient, even where keys and values are not numbers.
func TestAttentionToNothing(t *testing.T) {
	for _, m := range []int{1, 9} {
		x := newAttended(op.Attention{Heads: 2, KeyHeads: 1, Causal: true}, 2, m, 5, 4, 3)
		x.lengths, x.offset = []int32{0, 5}, []int32{0, -int32(m)}
		if m == 1 {
			spoil(&x, 0)
		}
		for i, got := range x.run(t, op.Attend) {
			if slices.ContainsFunc(got.F, func(v float32) bool { return math.Float32bits(v) != 0 }) {
				t.Errorf("%d queries: value %d is %v, want zeros", m, i, got.F)
			}
		}
	}
}
