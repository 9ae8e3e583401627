package layers

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
)

// compareRecurrent holds a recurrent layer against PyTorch's: all steps, the last states of all layers and directions, and
// the gradients by everything.
func (c *referenceCase) compareRecurrent(t *testing.T) {
	x := c.Inputs["x"]
	rows := x.Shape[0]
	inputs, names := []Input{floats("x", x.Shape[1:]...)}, []string{"x"}
	feeds := map[string]graph.Ref{"input.x": {F: x.Data}}
	if lengths, ok := c.Settings["lengths"].([]any); ok {
		inputs[0].Lengths = "lengths"
		var r graph.Ref
		for _, n := range lengths {
			r.I = append(r.I, int32(n.(float64)))
		}
		feeds["lengths"] = r
	}
	for _, state := range []string{"h0", "c0"} {
		if s, ok := c.Inputs[state]; ok {
			inputs, names = append(inputs, floats(state, s.Shape[0], s.Shape[2])), append(names, state)
			feeds["input."+state] = graph.Ref{F: rowsFirst(s)}
		}
	}
	text := fmt.Sprintf("layers: [{type: %s, name: l, units: %v, layers: %v, bidirectional: %v, sequences: true, inputs: [%s]}]",
		c.Layer, c.Settings["units"], c.Settings["layers"], c.Settings["bidirectional"], strings.Join(names, ", "))
	n := buildRows(t, text, rows, true, Spec{Inputs: inputs})
	if n.err != nil {
		t.Fatal(n.err)
	}
	outputs := map[string][]*graph.Value{"y": {n.out.Value}}
	for _, v := range n.b.Values() {
		if v.Node.Op != nil && v.Node.Op.Name == c.Layer && v.Index > 0 && v.Shape.Rank() == 2 {
			state := []string{"h", "c"}[v.Index-1]
			outputs[state] = append(outputs[state], v)
		}
	}
	var objective *graph.Value
	for name, w := range c.Weightings {
		size := len(w.Data) / len(outputs[name])
		for i, v := range outputs[name] {
			weighting := make([]float32, size)
			for k := range weighting {
				weighting[k] = float32(w.Data[i*size+k])
			}
			term := weightedSum(n.b, v, weighting)
			if objective != nil {
				term = op.Add(n.b, objective, term)
			}
			objective = term
		}
	}
	var wrt []*graph.Value
	var want [][]float64
	for _, name := range names {
		d := c.Gradients[name]
		if name != "x" {
			d.Data = rowsFirst(d)
		}
		wrt, want = append(wrt, n.b.Input("input."+name, graph.Type{})), append(want, d.Data)
	}
	weights := make([]float64, n.b.Weights().Value.Shape[0])
	feeds["weights"] = graph.Ref{F: weights}
	for name, p := range c.Parameters {
		at, view := paramView(n.b, "l."+name)
		if view == nil {
			t.Fatalf("no parameter for %s", name)
		}
		copy(weights[at:], p.Data)
		wrt, want = append(wrt, view), append(want, c.Gradients[name].Data)
	}
	grads := grad.Build(n.b, objective, nil, wrt)
	g, err := n.b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	vals := exec.Evaluate(g, feeds)
	for name, vs := range outputs {
		var got []float64
		for _, v := range vs {
			got = append(got, vals[v].F...)
		}
		near(t, name, got, c.Outputs[name].Data)
	}
	for i, v := range wrt {
		near(t, "gradient of "+v.Node.Label(), vals[grads[i]].F, want[i])
	}
}

// rowsFirst turns PyTorch's states [layers·directions, rows, units] into [rows, layers·directions, units].
func rowsFirst(s tensor) []float64 {
	var out []float64
	n, rows, units := s.Shape[0], s.Shape[1], s.Shape[2]
	for row := range rows {
		for i := range n {
			out = append(out, s.Data[(i*rows+row)*units:][:units]...)
		}
	}
	return out
}

// TestPaddingChangesNoBit: a row of a padded batch gives in float32 the very bits that it gives alone, whatever lies beyond
// its end.
func TestPaddingChangesNoBit(t *testing.T) {
	pool := parallel.New(2)
	defer pool.Close()
	lengths := []int32{9, 5, 0, 7, 1, 9, 3, 8, 2, 6, 4}
	for _, layer := range []string{
		"{type: rnn, units: 5, sequences: true}", "{type: rnn, units: 5, layers: 2, bidirectional: true}",
		"{type: lstm, units: 5, sequences: true, bidirectional: true, layers: 2}", "{type: lstm, units: 5}",
		"{type: gru, units: 5, sequences: true, bidirectional: true}", "{type: gru, units: 5, reset: before, bidirectional: true}",
		"{type: gru, units: 5, reset: before, layers: 2, sequences: true}",
	} {
		run := func(rows, steps int, lengths []int32, fill func(x []float32)) []float32 {
			return runBits(t, pool, layer, rows, steps, lengths, fill)
		}
		const steps = 9
		together := run(len(lengths), steps, lengths, func(x []float32) {
			for row, n := range lengths {
				for i := range 2 * steps {
					x[row*2*steps+i] = float32(sequence(row)[i])
					if i >= 2*int(n) {
						x[row*2*steps+i] = 1e30
					}
				}
			}
		})
		each := len(together) / len(lengths)
		for row, n := range lengths {
			got := together[row*each:][:each]
			var want []float32
			if n > 0 {
				want = run(1, int(n), nil, func(x []float32) {
					for i := range x {
						x[i] = float32(sequence(row)[i])
					}
				})
			}
			for i, v := range got {
				w := float32(0) // beyond the end, and of no steps at all
				if i < len(want) {
					w = want[i]
				}
				if math.Float32bits(v) != math.Float32bits(w) {
					t.Fatalf("%s: row %d of %d steps gives %v at %d, alone %v", layer, row, n, v, i, w)
				}
			}
		}
	}
}

func TestRecurrentMistakes(t *testing.T) {
	for _, c := range []struct {
		layer string
		in    []Input
		want  string
	}{
		{"{type: lstm, units: 3}", nil, "layers[0]: takes sequences, rows of shape [steps, features], its input has rows of shape [6]; a reshape layer with shape: [-1, 1] makes each number a step"},
		{"{type: gru, units: 3}", []Input{floats("x", 4, 4, 2)}, "layers[0]: takes sequences, rows of shape [steps, features], its input has rows of shape [4x4x2]"},
		{"{type: gru, units: 3}", []Input{indices("x", 9, 4)}, "layers[0]: its input holds category indices"},
		{"{type: gru, units: 3, inputs: [x, h, h]}", []Input{floats("x", 4, 2), floats("h", 3)}, "layers[0].inputs: takes 1 to 2 inputs, has 3"},
		{"{type: rnn, units: 3, inputs: [x, h]}", []Input{floats("x", 4, 2), floats("h", 4)}, "layers[0].inputs[1]: the initial state has rows of shape [4], want [3]"},
		{"{type: lstm, units: 3, bidirectional: true, inputs: [x, h, c]}", []Input{floats("x", 4, 2), floats("h", 2, 3), floats("c", 3, 2)},
			"layers[0].inputs[2]: the initial state has rows of shape [3x2], want [2x3] or [6], layer by layer and within them direction by direction"},
		{"{type: lstm, units: 3, recurrent_dropout: 1}", []Input{floats("x", 4, 2)}, "layers[0].recurrent_dropout: 1 is out of range"},
		{"{type: lstm, units: 3, forget_bias: .inf}", []Input{floats("x", 4, 2)}, "layers[0].forget_bias: .inf is out of range: want a finite number"},
		{"{type: rnn, units: 3, bias_init: {type: constant, value: -.inf}}", []Input{floats("x", 4, 2)}, "layers[0].bias_init.value: -.inf is out of range: want a finite number"},
		{"{type: rnn, units: 3, activation: gelu}", []Input{floats("x", 4, 2)}, `layers[0].activation: "gelu" is not one of tanh, relu`},
	} {
		got := build(t, "layers: ["+c.layer+"]", true, Spec{Inputs: c.in}).lines()
		if len(got) != 1 || !strings.HasPrefix(got[0], c.want) {
			t.Errorf("%s: got %q, want %q", c.layer, got, c.want)
		}
	}
}

// Each gate has a matrix of its own to begin with, the forget gate its bias; penalties are those of weights.
func TestRecurrentFirstValues(t *testing.T) {
	const units = 6
	n := build(t, "layers: [{type: lstm, units: 6, name: l, l2: 0.5, bidirectional: true}]", true, Spec{Inputs: []Input{floats("x", 3, 2)}})
	params := n.params()
	for _, way := range []string{"", "_reverse"} {
		p := params["l.weight_hh_l0"+way]
		w := make([]float32, p.Shape.Size())
		p.Init(w)
		if p.Role != "weight" || p.L2 != 0.5 {
			t.Errorf("weight_hh is a %s with penalty %v", p.Role, p.L2)
		}
		for row := range 4 * units { // of a gate, at right angles to all others
			for other := row / units * units; other < row; other++ {
				d := 0.0
				for k := range units {
					d += float64(w[row*units+k]) * float64(w[other*units+k])
				}
				if math.Abs(d) > 1e-6 {
					t.Fatalf("rows %d and %d of weight_hh%s are not at right angles: %g", row, other, way, d)
				}
			}
		}
		if w[0] == w[units*units] || w[0] == w[2*units*units] {
			t.Error("gates begin alike")
		}
		for role, forget := range map[string]float32{"bias_ih_l0": 1, "bias_hh_l0": 0} {
			p := params["l."+role+way]
			b := make([]float32, p.Shape.Size())
			p.Init(b)
			if p.Role != "bias" || p.L2 != 0 {
				t.Errorf("%s is a %s with penalty %v", role, p.Role, p.L2)
			}
			for i, v := range b {
				if want := forget * float32(oneIf(i/units == 1)); v != want {
					t.Errorf("%s%s[%d] is %v, want %v", role, way, i, v, want)
				}
			}
		}
	}
}

func oneIf(c bool) float64 {
	if c {
		return 1
	}
	return 0
}

// TestFurtherOutputs hands the last states of one net to another.
func TestFurtherOutputs(t *testing.T) {
	in := []Input{sequences("x", 4, 2), floats("z", 3, 2)}
	text := `layers:
  - {type: lstm, name: enc, units: 5, layers: 2, inputs: [x]}
  - {type: lstm, units: 5, layers: 2, sequences: true, inputs: [z, enc.h, enc.c]}
  - {type: residual, layers: [{type: lstm, units: 5, sequences: true, layers: 2, inputs: [z, enc.h]}]}
`
	n := build(t, text, true, Spec{Inputs: in})
	if n.err != nil || !n.out.Shape().Equal(graph.Shape{3, 5}) {
		t.Fatal(n.out.Value, n.err)
	}
	for text, want := range map[string]string{
		"[{type: gru, name: enc, units: 5, inputs: [x]}, {type: gru, units: 5, inputs: [z, enc.c]}]": `layers[1].inputs[1]: no layer and no dataset input is called "enc.c"`,
		"[{type: gru, name: enc, units: 5, inputs: [x]}, {type: gru, units: 6, inputs: [z, enc.h]}]": "layers[1].inputs[1]: the initial state has rows of shape [1x5], want [6]",
		"[{type: gru, name: enc, units: 5, inputs: [y]}, {type: gru, units: 5, inputs: [z, enc.h]}]": `layers[0].inputs[0]: no layer and no dataset input is called "y"`,
	} {
		if got := build(t, "layers: "+text, true, Spec{Inputs: in}).lines(); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// TestRecurrentOfManyRows: what is built for a batch takes no memory that grows with its rows before it is run.
func TestRecurrentOfManyRows(t *testing.T) {
	n := buildRows(t, "layers: [{type: rnn, name: e, units: 3, recurrent_dropout: 0.1}, {type: lstm, units: 3, recurrent_dropout: 0.1, inputs: [x, e]}]", 1<<40, true,
		Spec{Inputs: []Input{sequences("x", 4, 2)}})
	if n.err != nil || len(n.infos) != 2 {
		t.Fatalf("built %d layers, want 2: %v", len(n.infos), n.err)
	}
}
