package op_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// TestPoolGeometries holds the kernels of pooling against their references over windows of all kinds: cut off at edges,
// overlapping, apart, larger than the input, over one to three axes.
func TestPoolGeometries(t *testing.T) {
	r := random("geometries")
	tried := 0
	for tried < 150 {
		w := op.Window{Rank: 1 + r.IntN(3)}
		shape := []int{1 + r.IntN(3)}
		for ax := range w.Rank {
			shape = append(shape, 1+r.IntN(9))
			w.Kernel[ax], w.Stride[ax], w.Dilation[ax] = 1+r.IntN(4), 1+r.IntN(4), 1
			w.Before[ax], w.After[ax] = r.IntN(w.Kernel[ax]), r.IntN(w.Kernel[ax])
		}
		shape = append(shape, 1+r.IntN(40))
		out, err := w.Out(shape[1 : len(shape)-1])
		if err != nil {
			continue
		}
		tried++
		y := append(append([]int{shape[0]}, out...), shape[len(shape)-1])
		x := graph.Arg{Type: graph.Floats(shape...), Fill: func(r *rand.Rand) float64 { return math.Round(3 * r.NormFloat64()) }}
		avg := op.AvgPoolAttrs{Window: w, CountPadding: r.IntN(2) > 0}
		for _, c := range []struct {
			op string
			graph.Case
		}{
			{"max_pool", graph.Case{Attrs: op.PoolAttrs{Window: w}, In: []graph.Arg{x}}},
			{"max_pool_grad", graph.Case{Attrs: op.PoolAttrs{Window: w}, In: []graph.Arg{x, graph.Normal(y...)}}},
			{"avg_pool", graph.Case{Attrs: avg, In: []graph.Arg{x}}},
			{"avg_pool_grad", graph.Case{Attrs: op.InputAttrs{Of: avg, X: shape}, In: []graph.Arg{graph.Normal(y...)}}},
		} {
			o, _ := graph.Ops.Get(c.op)
			c.Name = fmt.Sprintf("%s of %v by %+v", c.op, shape, w)
			e := newExample(t, o, c.Case)
			want, got := e.evaluate()[0].F, e.run(whole)
			for i, v := range want {
				if d := math.Abs(float64(got[0].F[i]) - v); !(d <= 1e-6*(1+math.Abs(v))) {
					t.Fatalf("%s: element %d is %v, want %v", c.Name, i, got[0].F[i], v)
				}
			}
			sameBits(t, c.Name+", unit by unit", e.run(singly), got)
		}
	}
}

// TestPoolingOfNaN: a window that holds one gives NaN, whose gradient goes to the last of them.
func TestPoolingOfNaN(t *testing.T) {
	nan := math.NaN()
	x := []float64{1, nan, 3, nan, 2, 4, nan, 5}
	for key, want := range map[string][]float64{
		"max_pool":      {nan, nan, 4, nan},
		"max_pool_grad": {0, 1, 0, 2, 0, 3, 4, 0},
	} {
		o, _ := graph.Ops.Get(key)
		in := []graph.Arg{graph.Normal(1, 8, 1), graph.Normal(1, 4, 1)}
		e := newExample(t, o, graph.Case{Name: "NaN", Attrs: op.PoolAttrs{Window: window(1, 2, 2, 0)}, In: in[:len(o.Cases[0].In)]})
		for i, v := range x {
			e.refs[0].F[i], e.in[0].F[i] = v, float32(v)
		}
		for i := range e.refs[1:] {
			for j := range 4 {
				e.refs[1+i].F[j], e.in[1+i].F[j] = float64(j+1), float32(j+1)
			}
		}
		reference, got := e.evaluate()[0].F, e.run(whole)[0].F
		for i, w := range want {
			for what, v := range map[string]float64{"reference": reference[i], "kernel": float64(got[i])} {
				if v != w && (v == v || w == w) {
					t.Errorf("%s, %s: element %d is %v, want %v", key, what, i, v, w)
				}
			}
		}
	}
}
