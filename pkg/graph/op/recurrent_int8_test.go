package op_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
)

// recurrentNet is a net of 2 rows and 5 units, with weights of integers or the float32 that they stand for.
type recurrentNet struct {
	name  string
	gates int
	a     op.RecurrentAttrs
	x, h0 []float32 // of all steps; h0 nil: none
	w     []int8
	scale float32
}

const netUnits = 5

func newRecurrentNet(name string, gates, steps int, a op.RecurrentAttrs) recurrentNet {
	r := rand.New(rand.NewPCG(1, 2))
	n := recurrentNet{name: name, gates: gates, a: a, scale: 0.005}
	for range 2 * steps * gates * netUnits {
		n.x = append(n.x, float32(r.NormFloat64()))
	}
	for range gates * netUnits * netUnits {
		n.w = append(n.w, int8(r.IntN(255)-127))
	}
	return n
}

// run computes y of the steps [lo,hi), and the last states.
func (n recurrentNet) run(t *testing.T, integers bool, lo, hi int, states ...[]float32) (y []float32, last [][]float32) {
	t.Helper()
	b := graph.NewBuilder()
	wide := n.gates * netUnits
	x := b.Input("x", graph.Floats(2, hi-lo, wide))
	in := op.Recurrent{X: x, W: b.Input("w", graph.Floats(wide, netUnits)), Reverse: n.a.Reverse}
	var names []string
	if states != nil {
		if in.H0, names = b.Input("h0", graph.Floats(2, netUnits)), []string{"h0"}; n.name == "lstm" {
			in.C0, names = b.Input("c0", graph.Floats(2, netUnits)), append(names, "c0")
		}
	}
	var out []*graph.Value
	switch n.name {
	case "rnn":
		y, last := op.RNN(b, in, n.a.Act)
		out = []*graph.Value{y, last}
	case "gru":
		y, last := op.GRU(b, in, n.a.ResetBefore)
		out = []*graph.Value{y, last}
	default:
		y, last, cell := op.LSTM(b, in)
		out = []*graph.Value{y, last, cell}
	}
	if node := out[0].Node; integers {
		q, scales := b.Input("q", graph.Type{DType: graph.I8, Shape: graph.Shape{wide, netUnits}}), b.Input("scales", graph.Floats(wide))
		out = op.RecurrentInt8(b, node, node.Inputs, q, scales)[:len(out)]
	}
	for i, name := range []string{"y", "h", "c"}[:len(out)] {
		b.SetOutput(name, out[i])
	}
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	pool := parallel.New(1)
	defer pool.Close()
	p, err := exec.Compile(g, exec.NewState(), pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	steps := len(n.x) / (2 * wide)
	for row := range 2 {
		copy(p.Feed("x").F[row*(hi-lo)*wide:(row+1)*(hi-lo)*wide], n.x[(row*steps+lo)*wide:])
	}
	for i, name := range names {
		copy(p.Feed(name).F, states[i])
	}
	if integers {
		copy(p.Feed("q").S, n.w)
		for i := range p.Feed("scales").F {
			p.Feed("scales").F[i] = n.scale
		}
	} else {
		for i, w := range n.w {
			p.Feed("w").F[i] = float32(w) * n.scale
		}
	}
	p.Run()
	for _, name := range []string{"h", "c"}[:len(out)-1] {
		last = append(last, slices.Clone(p.Output(name).F))
	}
	return slices.Clone(p.Output("y").F), last
}

func recurrentNets(steps int) []recurrentNet {
	return []recurrentNet{
		newRecurrentNet("rnn", 1, steps, op.RecurrentAttrs{Act: op.ActTanh}), newRecurrentNet("rnn", 1, steps, op.RecurrentAttrs{Act: op.ActRelu}),
		newRecurrentNet("lstm", 4, steps, op.RecurrentAttrs{}),
		newRecurrentNet("gru", 3, steps, op.RecurrentAttrs{}), newRecurrentNet("gru", 3, steps, op.RecurrentAttrs{ResetBefore: true}),
	}
}

// Integers change results little, also from states that are not in ±1; steps that come in pieces have the same bits.
func TestRecurrentInt8(t *testing.T) {
	for _, n := range recurrentNets(6) {
		first := [][]float32{{9, -3, 0.5, 0, 1, 0.1, 0.2, -0.3, 0.9, -1}, {1, 0, 2, 0, 1, 0.1, 0.2, -0.3, 0.9, -1}}
		whole, last := n.run(t, true, 0, 6, first...)
		float, _ := n.run(t, false, 0, 6, first...)
		for i, y := range whole {
			if off := math.Abs(float64(y - float[i])); off > 0.06 {
				t.Errorf("%s %+v: y[%d] is %v in integers, %v in float32", n.name, n.a, i, y, float[i])
			}
		}
		if slices.Equal(whole, float) {
			t.Errorf("%s %+v: integers change nothing", n.name, n.a)
		}
		y1, middle := n.run(t, true, 0, 2, first...)
		y2, end := n.run(t, true, 2, 6, middle...)
		for row := range 2 {
			got := append(slices.Clone(y1[row*2*netUnits:(row+1)*2*netUnits]), y2[row*4*netUnits:(row+1)*4*netUnits]...)
			if !slices.Equal(got, whole[row*6*netUnits:(row+1)*6*netUnits]) {
				t.Errorf("%s %+v: steps in pieces have other bits", n.name, n.a)
			}
		}
		for i := range last {
			if !slices.Equal(last[i], end[i]) {
				t.Errorf("%s %+v: other last states", n.name, n.a)
			}
		}
	}
}

// A state that is not finite makes its row NaN, and no other.
func TestRecurrentInt8OfNaN(t *testing.T) {
	for _, n := range recurrentNets(2) {
		first := [][]float32{make([]float32, 2*netUnits), make([]float32, 2*netUnits)}
		want, _ := n.run(t, true, 0, 2, first...)
		for _, bad := range []float64{math.NaN(), math.Inf(1)} {
			first[0][2] = float32(bad)
			y, _ := n.run(t, true, 0, 2, first...)
			for _, v := range y[:2*netUnits] {
				if v == v {
					t.Errorf("%s %+v: a state of %v gives %v", n.name, n.a, bad, y)
					break
				}
			}
			if !slices.Equal(y[2*netUnits:], want[2*netUnits:]) {
				t.Errorf("%s %+v: a state of %v changes another row", n.name, n.a, bad)
			}
		}
	}
}
