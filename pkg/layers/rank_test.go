package layers

import (
	"math"
	"strings"
	"testing"
)

// TestRankKeepsVariance draws the two matrices of a rank: their product weighs inputs of variance 1 to outputs of variance 1, as
// one matrix does, and he_normal doubles it, not more.
func TestRankKeepsVariance(t *testing.T) {
	for text, want := range map[string]float64{
		"{type: dense, units: 300}":                                             1,
		"{type: dense, units: 300, rank: 40}":                                   1,
		"{type: dense, units: 300, rank: 40, weight_init: he_normal}":           2,
		"{type: conv2d, filters: 300, kernel: 5, rank: 40}":                     1,
		"{type: conv2d, filters: 300, kernel: 5, rank: 40, weight_init: zeros}": 0,
	} {
		in := floats("x", 200)
		if strings.Contains(text, "conv") {
			in = floats("x", 5, 5, 8)
		}
		n := build(t, "layers: ["+text+"]", true, Spec{Inputs: []Input{in}, Seed: 3})
		values := map[string][]float32{}
		for name, p := range n.params() {
			dst := make([]float32, p.Shape.Size())
			p.Init(dst)
			_, role, _ := strings.Cut(name, ".")
			values[role] = dst
		}
		w, sum := values["weight"], 0.0
		if w == nil {
			w = multiplied(values[upWeight], values[downWeight], 300)
		}
		for _, x := range w {
			sum += float64(x) * float64(x)
		}
		if got := sum / 300; math.Abs(got-want) > 0.12*want+1e-9 {
			t.Errorf("%s: inputs of variance 1 become outputs of variance %.3f, want %v", text, got, want)
		}
	}
}

// multiplied is u·v for u of so many rows.
func multiplied(u, v []float32, rows int) []float32 {
	rank := len(u) / rows
	n := len(v) / rank
	w := make([]float32, rows*n)
	for i := range rows {
		for r := range rank {
			for k := range n {
				w[i*n+k] += u[i*rank+r] * v[r*n+k]
			}
		}
	}
	return w
}

func TestRankMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"{type: embedding, size: 2, name: e}, {type: dense, units: 3, weights: e, rank: 2}": "layers[1].rank: is for weights of the layer's own; those of the layer e are one matrix",
		"{type: dense, units: 3, name: d, rank: 2}, {type: dense, units: 3, weights: d}":    "layers[1].weights: d has no matrix to use; embedding layers have one, and dense layers without a rank",
		"{type: conv1d, filters: 4, kernel: 1, groups: 2, rank: 2}":                         "layers[0].rank: is for filters that see all channels; with groups: 2 each sees a part of them",
	} {
		in := floats("x", 4, 4)
		if strings.Contains(text, "embedding") {
			in = indices("x", 3, 4)
		}
		if got := strings.Join(build(t, "layers: ["+text+"]", true, Spec{Inputs: []Input{in}}).lines(), "\n"); got != want {
			t.Errorf("%s\nsays %q\nwant %q", text, got, want)
		}
	}
}
