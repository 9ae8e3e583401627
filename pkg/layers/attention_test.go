package layers

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
)

// compareAttention compares a layer that may look at a second sequence, whose lengths are given, with PyTorch.
func (c *referenceCase) compareAttention(t *testing.T) {
	feeds := map[string]graph.Ref{}
	var in []Input
	c.Settings["inputs"] = []string{"x"}
	for _, name := range []string{"x", "z"} {
		if x, ok := c.Inputs[name]; ok {
			in = append(in, floats(name, x.Shape[1:]...))
			feeds["input."+name] = graph.Ref{F: x.Data}
		}
	}
	last := &in[len(in)-1]
	if len(in) > 1 {
		c.Settings["inputs"] = []string{"x", "z"}
	}
	if lengths, ok := c.Inputs["lengths"]; ok {
		last.Lengths = "lengths." + last.Name
		r := graph.Ref{}
		for _, n := range lengths.Data {
			r.I = append(r.I, int32(n))
		}
		feeds[last.Lengths] = r
	}
	n := buildRows(t, c.text(), c.Inputs["x"].Shape[0], true, Spec{Inputs: in})
	if n.err != nil {
		t.Fatal(n.err)
	}
	weighting := make([]float32, len(c.Weightings["y"].Data))
	for i, w := range c.Weightings["y"].Data {
		weighting[i] = float32(w)
	}
	objective := weightedSum(n.b, n.out.Value, weighting)
	var wrt []*graph.Value
	var want [][]float64
	for _, x := range in {
		wrt, want = append(wrt, n.b.Input(x.Block, graph.Floats(c.Inputs[x.Name].Shape...))), append(want, c.Gradients[x.Name].Data)
	}
	for name, p := range c.Parameters {
		wrt, want = append(wrt, c.parameter(t, n.b, name, p, feeds)), append(want, c.Gradients[name].Data)
	}
	grads := grad.Build(n.b, objective, nil, wrt)
	g, err := n.b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	vals := exec.Evaluate(g, feeds)
	near(t, "y", vals[n.out.Value].F, c.Outputs["y"].Data)
	for i, v := range wrt {
		near(t, "gradient of "+v.Node.Label(), vals[grads[i]].F, want[i])
	}
	if w := n.b.Weights(); w != nil && len(w.Params) != len(c.Parameters) {
		t.Errorf("has %d parameters, want %d", len(w.Params), len(c.Parameters))
	}
}

// attending are layers that look at sequences x [steps, 4] and z [steps, 6] of different lengths; z are the states of tokens w.
var attending = []string{
	"{type: multi_head_attention, heads: 2, inputs: [x]}",
	"{type: multi_head_attention, heads: 2, inputs: [x], causal: true, window: 2, positions: alibi, dropout: 0.3}",
	"{type: multi_head_attention, heads: 4, key_heads: 2, head_size: 3, inputs: [x, z], dropout: 0.3}",
	"{type: attention, inputs: [x], causal: true, dropout: 0.3}",
	"{type: attention, inputs: [x, z]}",
	"{type: attention, kind: additive, inputs: [x, z]}",
	"{type: transformer_encoder, heads: 2, blocks: 2, inputs: [x], dropout: 0.3}",
	"{type: transformer_encoder, heads: 2, inputs: [x], activation: swiglu, norm: before, norm_type: rms_norm, causal: true, positions: rotary}",
	"{type: transformer_decoder, heads: 2, inputs: [x, z], dropout: 0.3, activation: gelu}",
	"{type: copy_output, units: 9, inputs: [x, z, w]}",
	"{type: positions, inputs: [x]}, {type: transformer_encoder, heads: 1, dropout: 0.3}, {type: pool_sequence, method: attention}",
}

// paddedRun is a batch whose rows have sequences x and z of some lengths, padded to so many steps.
type paddedRun struct {
	first, rows    int // of all rows
	xSteps, zSteps int
}

var (
	xLengths = []int32{5, 2, 0, 3, 5}
	zLengths = []int32{4, 1, 3, 0, 2}
)

// run gives, in float32, what the layers make of the valid steps, and, in training, the gradients of a weighting of that by
// the valid steps of x and by the weights.
func (r paddedRun) run(t *testing.T, pool *parallel.Pool, text string, training bool) (out, dx, dw []float32) {
	t.Helper()
	in := []Input{sequences("x", r.xSteps, 4), sequences("z", r.zSteps, 6), words("w", "z", 9, r.zSteps)}
	n := buildRows(t, "layers: ["+text+"]", r.rows, training, Spec{Inputs: in})
	if n.err != nil {
		t.Fatal(n.err)
	}
	b, y := n.b, n.out.Value
	x := b.Input("input.x", graph.Floats(r.rows, r.xSteps, 4))
	b.SetOutput("y", y)
	grads := 0
	if training {
		weighting := b.Input("weighting", y.Type)
		axes := []int{0, 1, 2}[:y.Shape.Rank()]
		wrt := []*graph.Value{x}
		for _, v := range b.Values() {
			if v.Node.Op == graph.View {
				wrt = append(wrt, v)
			}
		}
		grads = len(wrt)
		for i, d := range grad.Build(b, op.Sum(b, op.Mul(b, y, weighting), axes, false), nil, wrt) {
			b.SetOutput(fmt.Sprint("gradient ", i), d)
		}
	}
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	state := exec.NewState()
	p, err := exec.Compile(g, state, pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range state.Data("weights") {
		state.Data("weights")[i] = float32(math.Sin(float64(i))) / 2
	}
	fill := func(to []float32, steps, width int, lengths []int32, beyond float32) {
		for row := range r.rows {
			for i := range steps * width {
				to[row*steps*width+i] = beyond
				if i < int(lengths[r.first+row])*width {
					to[row*steps*width+i] = float32(math.Cos(float64(i*(7+r.first+row)) + 0.5))
				}
			}
		}
	}
	fill(p.Feed("input.x").F, r.xSteps, 4, xLengths, 13)
	copy(p.Feed("lengths.x").I, xLengths[r.first:])
	if g.Input("input.z") != nil {
		fill(p.Feed("input.z").F, r.zSteps, 6, zLengths, -7)
		copy(p.Feed("lengths.z").I, zLengths[r.first:])
	}
	if g.Input("input.w") != nil {
		for i := range p.Feed("input.w").I {
			p.Feed("input.w").I[i] = int32(i%r.zSteps*(i%r.zSteps)+r.first+i/r.zSteps) % 9
		}
	}
	pooled := y.Shape.Rank() == 2
	if training {
		if pooled {
			for i := range p.Feed("weighting").F {
				p.Feed("weighting").F[i] = float32(i%5) - 2
			}
		} else {
			fill(p.Feed("weighting").F, r.xSteps, y.Shape.Last(), xLengths, 0)
		}
	}
	p.Run()
	valid := func(v []float32, width int) (kept []float32) {
		for row := range r.rows {
			of := v[row*r.xSteps*width:]
			kept = append(kept, of[:int(xLengths[r.first+row])*width]...)
		}
		return kept
	}
	if out = p.Output("y").F; !pooled {
		out = valid(out, y.Shape.Last())
	}
	if training {
		dx = valid(p.Output("gradient 0").F, 4)
		for i := 1; i < grads; i++ {
			dw = append(dw, p.Output(fmt.Sprint("gradient ", i)).F...)
		}
	}
	return slices.Clone(out), dx, dw
}

// sameBits reports where two lists of numbers differ; -1 where they do not.
func sameBits(a, b []float32) int {
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) && (a[i] != 0 || b[i] != 0) {
			return i
		}
	}
	return -1
}

// TestAttentionSeesNoPadding: padding changes no bit of what attention gives, nor of its gradients; and a row is given what it
// is given alone.
func TestAttentionSeesNoPadding(t *testing.T) {
	pool := parallel.New(2)
	defer pool.Close()
	for _, text := range attending {
		for _, training := range []bool{true, false} {
			out, dx, dw := paddedRun{rows: 5, xSteps: 5, zSteps: 4}.run(t, pool, text, training)
			for _, v := range slices.Concat(out, dx, dw) {
				if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
					t.Fatalf("%s: %v in %v, %v, %v", text, v, out, dx, dw)
				}
			}
			for _, more := range []paddedRun{{rows: 5, xSteps: 6, zSteps: 9}, {rows: 5, xSteps: 17, zSteps: 70}} {
				out2, dx2, dw2 := more.run(t, pool, text, training)
				if i := sameBits(out, out2); i >= 0 {
					t.Errorf("%s: element %d is %v, or %v when padded to %d and %d steps", text, i, out[i], out2[i], more.xSteps, more.zSteps)
				}
				if i := sameBits(dx, dx2); i >= 0 {
					t.Errorf("%s: gradient %d by the input is %v, or %v when padded", text, i, dx[i], dx2[i])
				}
				if i := sameBits(dw, dw2); i >= 0 {
					t.Errorf("%s: gradient %d by the weights is %v, or %v when padded", text, i, dw[i], dw2[i])
				}
			}
		}
		var alone []float32
		for row, n := range xLengths {
			one, _, _ := paddedRun{first: row, rows: 1, xSteps: max(1, int(n)), zSteps: max(1, int(zLengths[row]))}.run(t, pool, text, false)
			alone = append(alone, one...)
		}
		out, _, _ := paddedRun{rows: 5, xSteps: 5, zSteps: 4}.run(t, pool, text, false)
		if i := sameBits(out, alone); i >= 0 {
			t.Errorf("%s: element %d is %v in a batch, %v alone", text, i, out[i], alone[i])
		}
	}
}

// TestNothingToSee: a step that sees nothing gets zeros from attention.
func TestNothingToSee(t *testing.T) {
	pool := parallel.New(1)
	defer pool.Close()
	for _, text := range []string{"{type: attention, inputs: [x, z]}", "{type: attention, kind: additive, inputs: [x, z]}", "{type: multi_head_attention, heads: 2, inputs: [x, z], bias: false}"} {
		out, _, _ := paddedRun{first: 3, rows: 1, xSteps: 3, zSteps: 2}.run(t, pool, text, false)
		for _, v := range out {
			if v != 0 {
				t.Errorf("%s: %v", text, out)
				break
			}
		}
	}
}

func TestAttentionMistakes(t *testing.T) {
	for layers, want := range map[string]string{
		"{type: multi_head_attention, heads: 3, inputs: [x]}":                                          "layers[0].heads: 3 heads do not divide the 4 features of the queries; head_size gives heads another size",
		"{type: multi_head_attention, heads: 4, key_heads: 3, inputs: [x]}":                            "layers[0].key_heads: 3 heads of keys cannot serve 4 heads of queries alike",
		"{type: multi_head_attention, heads: 4, positions: rotary, inputs: [x]}":                       "layers[0].positions: rotary positions turn pairs of features, and a head has 1",
		"{type: multi_head_attention, inputs: [x]}":                                                    "layers[0]: heads is missing",
		"{type: multi_head_attention, heads: 2, causal: true, inputs: [x, z]}":                         "layers[0].causal: is for a sequence that looks at itself",
		"{type: multi_head_attention, heads: 2, inputs: [x, z, z]}":                                    "layers[0].inputs: takes 1 to 2 inputs, has 3",
		"{type: multi_head_attention, heads: 2, inputs: [x, flat]}":                                    "layers[0]: takes sequences, rows of shape [steps, features], its input has rows of shape [6]",
		"{type: attention, kind: additve, inputs: [x]}":                                                `layers[0].kind: "additve" is not one of dot, general, additive`,
		"{type: attention, kind: additive, dropout: 0.1, inputs: [x]}":                                 "layers[0].dropout: additive attention has none; put a dropout layer behind it",
		"{type: attention, causal: true, inputs: [x, z]}":                                              "layers[0].causal: is for a sequence that looks at itself",
		"{type: transformer_encoder, heads: 5, inputs: [x]}":                                           "layers[0].heads: 5 heads do not divide the 4 features",
		"{type: transformer_encoder, heads: 2, inputs: [x, z]}":                                        "layers[0].inputs: takes one input, has 2",
		"{type: transformer_encoder, heads: 2, norm: befor, inputs: [x]}":                              `layers[0].norm: "befor" is not one of before, after`,
		"{type: transformer_decoder, heads: 2, inputs: [x]}":                                           "layers[0].inputs: takes 2 inputs, has 1",
		"{type: transformer_decoder, heads: 2, inputs: [x, words]}":                                    "layers[0]: its input holds category indices",
		"{type: transformer_encoder, heads: 2, inputs: [image]}":                                       "layers[0]: takes sequences, rows of shape [steps, features], its input has rows of shape [4x4x2]",
		"{type: lstm, units: 4, inputs: [x]}, {type: multi_head_attention, heads: 2}":                  "layers[1]: takes sequences, rows of shape [steps, features], its input has rows of shape [4]; layers[0] (lstm) gives its last state alone: sequences: true there keeps the steps",
		"{type: wavelet, inputs: [x]}, {type: transformer_encoder, heads: 3}, {type: dense, units: 3}": `layers[0].type: unknown layer "wavelet"`,
	} {
		in := []Input{sequences("x", 5, 4), sequences("z", 3, 6), floats("flat", 6), indices("words", 9, 5), floats("image", 4, 4, 2)}
		got := build(t, "layers: ["+layers+"]", true, Spec{Inputs: in}).lines()
		if len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s: got %q, want %q", layers, got, want)
		}
	}
}
