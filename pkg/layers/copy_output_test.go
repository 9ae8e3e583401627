package layers

import (
	"math"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
)

// TestCopyOutput computes the mixture one probability after the other. Row 1 has one token to copy, row 2 none.
func TestCopyOutput(t *testing.T) {
	words := indices("w", 5, 4)
	words.Lengths = "lengths.w"
	z := sequences("z", 4, 3)
	z.Lengths = words.Lengths
	n := buildRows(t, "layers: [{type: copy_output, units: 5, name: l, inputs: [x, z, w]}]", 3, false, Spec{Inputs: []Input{floats("x", 2, 2), z, words}})
	if n.err != nil {
		t.Fatal(n.err)
	}
	params := map[string]int{}
	for _, p := range n.b.Weights().Params {
		params[p.Name] = p.Offset
	}
	g, err := n.b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	feeds := feedsOf(g, 5)
	lengths := []int32{4, 1, 0}
	feeds["lengths.w"] = graph.Ref{I: lengths}
	tokens := feeds["input.w"].I
	tokens[1] = tokens[0] // copied from two places
	y := exec.Evaluate(g, feeds)[n.out.Value].F
	param := func(name string, i int) float64 { return feeds["weights"].F[params["l."+name]+i] }
	for row, length := range lengths {
		for step := range 2 {
			x := feeds["input.x"].F[(2*row+step)*2:][:2]
			z := func(j int) []float64 { return feeds["input.z"].F[(4*row+j)*3:][:3] }
			places, context := make([]float64, length), make([]float64, 3)
			for j := range places {
				for c, v := range z(j) {
					places[j] += (x[0]*param("query.weight", 2*c) + x[1]*param("query.weight", 2*c+1)) * v / math.Sqrt(3)
				}
				places[j] = math.Exp(places[j])
			}
			sum := 0.0
			for _, p := range places {
				sum += p
			}
			for j := range places {
				places[j] /= sum
				for c, v := range z(j) {
					context[c] += places[j] * v
				}
			}
			gate := param("gate.bias", 0)
			for i, v := range append(slices.Clone(x), context...) {
				gate += v * param("gate.weight", i)
			}
			gate = 1 / (1 + math.Exp(-gate))
			want, sum := make([]float64, 5), 0.0
			for w := range want {
				want[w] = math.Exp(x[0]*param("weight", 2*w) + x[1]*param("weight", 2*w+1) + param("bias", w))
				sum += want[w]
			}
			for w := range want {
				want[w] *= gate / sum
			}
			for j, p := range places {
				want[tokens[4*row+j]] += (1 - gate) * p
			}
			for w := range want {
				want[w] = math.Log(want[w] + float64(float32(1e-12)))
			}
			near(t, "y", y[(2*row+step)*5:][:5], want)
		}
	}
}

// TestCopyOutputSeesNoPadding: padding of the input changes no bit.
func TestCopyOutputSeesNoPadding(t *testing.T) {
	pool := parallel.New(2)
	defer pool.Close()
	const text = "layers: [{type: embedding, size: 4, inputs: [w], name: e}, {type: copy_output, units: 7, inputs: [x, e, w], weights: e}]"
	run := func(steps int) []float32 {
		words := indices("w", 7, steps)
		words.Lengths = "lengths.w"
		n := buildRows(t, text, 3, false, Spec{Inputs: []Input{floats("x", 2, 4), words}})
		if n.err != nil {
			t.Fatal(n.err)
		}
		n.b.SetOutput("y", n.out.Value)
		g, err := n.b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		state := exec.NewState()
		p, err := exec.Compile(g, state, pool, exec.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range state.Data("weights") {
			state.Data("weights")[i] = float32(math.Sin(float64(i)))
		}
		for i := range p.Feed("input.x").F {
			p.Feed("input.x").F[i] = float32(math.Cos(float64(i)))
		}
		lengths := []int32{5, 2, 0}
		copy(p.Feed("lengths.w").I, lengths)
		for row, length := range lengths {
			for i := range int(length) {
				p.Feed("input.w").I[row*steps+i] = int32((3*i + row) % 7)
			}
		}
		p.Run()
		return slices.Clone(p.Output("y").F)
	}
	want := run(5)
	for _, steps := range []int{6, 70} {
		if i := sameBits(want, run(steps)); i >= 0 {
			t.Errorf("element %d differs when padded to %d steps", i, steps)
		}
	}
}

func TestCopyOutputMistakes(t *testing.T) {
	for inputs, want := range map[string]string{
		"[x, z]":         "layers[0].inputs: takes 3 inputs, has 2",
		"[x, z, x]":      "layers[0].inputs[2]: expects the tokens of the text to copy from",
		"[x, z, others]": "layers[0].inputs[2]: has 9 tokens, and the target 5: both must have one vocabulary (tokenizer: shared in the target)",
		"[x, x, w]":      "layers[0].inputs[1]: has 3 steps, and inputs[2] 4: want what the encoder made of each of the tokens",
		"[x, even, w]":   "",
		"[x, z, w]":      "layers[0]: its inputs are sequences of different lengths",
	} {
		words, z := indices("w", 5, 4), sequences("z", 4, 3)
		words.Lengths = "lengths.w"
		in := []Input{floats("x", 3, 2), z, floats("even", 4, 3), words, indices("others", 9, 4)}
		got := build(t, "layers: [{type: copy_output, inputs: "+inputs+"}]", true, Spec{Inputs: in, Sizes: Sizes{Classes: 5, Vocabulary: 5, Known: true}}).lines()
		if (len(got) != 1 || !strings.HasPrefix(got[0], want)) && (want != "" || got != nil) {
			t.Errorf("%s: got %q, want %q", inputs, got, want)
		}
	}
}
