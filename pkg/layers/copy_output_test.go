package layers

import (
	"math"
	"strings"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
)

// TestCopyOutputIsTheMixture compares the layer with its formula, written out plainly.
func TestCopyOutputIsTheMixture(t *testing.T) {
	const rows, m, k, n, wide, units = 2, 3, 4, 2, 3, 6
	in := []Input{floats("x", m, n), sequences("z", k, wide), words("w", "z", units, k)}
	net := buildRows(t, "layers: [{type: copy_output, name: l, units: 6, inputs: [x, z, w]}]", rows, false, Spec{Inputs: in})
	if net.err != nil {
		t.Fatal(net.err)
	}
	g, err := net.b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	numbers := func(n int, a float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = 1.5 * math.Sin(a*float64(i+1))
		}
		return x
	}
	lengths, ids := []int32{4, 2}, []int32{3, 1, 3, 5, 2, 2, 0, 0}
	w := map[string][]float64{}
	feeds := map[string]graph.Ref{
		"input.x": {F: numbers(rows*m*n, 0.7)}, "input.z": {F: numbers(rows*k*wide, 1.1)}, "input.w": {I: ids}, "lengths.z": {I: lengths},
		"weights": {F: numbers(net.b.Weights().Value.Shape.Size(), 2.3)},
	}
	for _, p := range net.b.Weights().Params {
		w[strings.TrimPrefix(p.Name, "l.")] = feeds["weights"].F[p.Offset : p.Offset+p.Shape.Size()]
	}
	y := exec.Evaluate(g, feeds)[net.out.Value].F
	dot := func(a, b []float64) (sum float64) {
		for i := range a {
			sum += a[i] * b[i]
		}
		return sum
	}
	softmax := func(x []float64) []float64 {
		sum := 0.0
		for _, v := range x {
			sum += math.Exp(v)
		}
		for i, v := range x {
			x[i] = math.Exp(v) / sum
		}
		return x
	}
	for step := range rows * m {
		row := step / m
		h, z := feeds["input.x"].F[step*n:][:n], feeds["input.z"].F[row*k*wide:]
		var written, scores []float64
		for u := range units {
			written = append(written, dot(h, w["weight"][u*n:])+w["bias"][u])
		}
		for i := range int(lengths[row]) {
			q := 0.0
			for j := range wide {
				q += z[i*wide+j] * dot(h, w["query.weight"][j*n:])
			}
			scores = append(scores, q/math.Sqrt(wide))
		}
		a, score := softmax(scores), dot(h, w["gate.weight"])+w["gate.bias"][0]
		for j := range wide {
			for i := range a {
				score += w["gate.weight"][n+j] * a[i] * z[i*wide+j]
			}
		}
		gate := 1 / (1 + math.Exp(-score))
		p := softmax(written)
		for u := range p {
			p[u] *= gate
		}
		for i := range a {
			p[ids[row*k+i]] += (1 - gate) * a[i]
		}
		for u, want := range p {
			if got := math.Exp(y[step*units+u]); math.Abs(got-want) > 1e-12 {
				t.Errorf("step %d, token %d: %v, want %v", step, u, got, want)
			}
		}
	}
}

func TestCopyOutputMistakes(t *testing.T) {
	other := words("other", "z", 9, 3)
	other.Shared = false
	short := words("short", "y", 9, 5)
	in := []Input{sequences("x", 5, 4), sequences("y", 3, 6), sequences("z", 3, 6), words("w", "z", 9, 3), other, short}
	for layers, want := range map[string]string{
		"{type: copy_output, units: 9, inputs: [x, z]}":                "layers[0].inputs: takes 3 inputs, has 2",
		"{type: copy_output, units: 9, inputs: [x, z, other]}":         "layers[0].inputs[2]: has another vocabulary than the text that is written, so its words cannot be copied; say tokenizer: shared for the target",
		"{type: copy_output, units: 8, inputs: [x, z, w]}":             "layers[0].inputs[2]: has another vocabulary",
		"{type: copy_output, units: 9, inputs: [x, z, y]}":             "layers[0].inputs[2]: holds no tokens of a text",
		"{type: copy_output, units: 9, inputs: [x, z, short]}":         "layers[0].inputs[1]: has 3 steps and the text in inputs[2] 5: it must have one for each token",
		"{type: copy_output, units: 9, inputs: [x, y, w]}":             "layers[0]: its inputs are sequences of different lengths",
		"{type: copy_output, units: 9, inputs: [x, w, w]}":             "layers[0]: its input holds tokens",
		"{type: copy_output, units: 9, weights: e, inputs: [x, z, w]}": `layers[0].weights: no layer is called "e"`,
		"{type: copy_output, inputs: [x, z, w]}":                       "layers[0].units: the data's target has no vocabulary",
	} {
		got := build(t, "layers: ["+layers+"]", true, Spec{Inputs: in}).lines()
		if len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s: got %q, want %q", layers, got, want)
		}
	}
}
