package pruning

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dnn/pkg/graph"
)

// weights makes parameters of rows of n numbers.
func weights(rows [][]float32) []Weights {
	var list []Weights
	for _, r := range rows {
		list = append(list, Weights{graph.Param{Shape: graph.Shape{1, len(r)}}, slices.Clone(r)})
	}
	return list
}

func TestPrune(t *testing.T) {
	nan := float32(math.NaN())
	inf := float32(math.Inf(-1))
	for name, c := range map[string]struct {
		s        Settings
		progress float64
		in, want [][]float32
	}{
		"globally":                {Settings{Sparsity: .5}, 1, [][]float32{{1, -2, 3}, {.1, -.2, 4}}, [][]float32{{0, -2, 3}, {0, 0, 4}}},
		"each matrix":             {Settings{Sparsity: .5, Scope: "layer"}, 1, [][]float32{{1, -2, 3, 4}, {.1, -.2, .4, -.3}}, [][]float32{{0, 0, 3, 4}, {0, 0, .4, -.3}}},
		"a part of the way":       {Settings{Sparsity: .8}, .5, [][]float32{{5, 4, 3, 2, 1}}, [][]float32{{5, 4, 3, 0, 0}}},
		"not begun":               {Settings{Sparsity: .8}, 0, [][]float32{{5, 0, 3}}, [][]float32{{5, 0, 3}}},
		"of equals the first":     {Settings{Sparsity: .5}, 1, [][]float32{{1, -1}, {1, 1}}, [][]float32{{0, 0}, {1, 1}}},
		"zeros count as pruned":   {Settings{Sparsity: .5}, 1, [][]float32{{0, 7, 6, 0}}, [][]float32{{0, 7, 6, 0}}},
		"what is no number stays": {Settings{Sparsity: .5}, 1, [][]float32{{nan, 1e30, inf, 1e-40}}, [][]float32{{nan, 0, inf, 0}}},
		"two of four":             {Settings{Pattern: Pattern{2, 4}}, 1, [][]float32{{1, 4, -3, 2, 9, 9, 9, 9, 3, -2}}, [][]float32{{0, 4, -3, 0, 0, 0, 9, 9, 3, 0}}},
		"on the way to two of four": {
			Settings{Pattern: Pattern{2, 4}}, .6, [][]float32{{1, 4, -3, 2}}, [][]float32{{0, 4, -3, 2}},
		},
		"one of two, and less than a group": {Settings{Pattern: Pattern{1, 2}}, 1, [][]float32{{1, 4, 3}}, [][]float32{{0, 4, 3}}},
	} {
		list := weights(c.in)
		c.s.Prune(list, c.progress)
		for i, want := range c.want {
			if !slices.EqualFunc(list[i].Values, want, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
				t.Errorf("%s: %v becomes %v, want %v", name, c.in[i], list[i].Values, want)
			}
		}
	}
}

// A row of a pattern ends with its matrix's row.
func TestPatternGoesByRows(t *testing.T) {
	w := []Weights{{graph.Param{Shape: graph.Shape{2, 3}}, []float32{1, 2, 3, 4, 5, 6}}}
	(&Settings{Pattern: Pattern{1, 2}}).Prune(w, 1)
	if want := []float32{0, 2, 3, 0, 5, 6}; !slices.Equal(w[0].Values, want) {
		t.Errorf("%v, want %v", w[0].Values, want)
	}
}

// The digits find the same weights as sorting does.
func TestPruneIsSorting(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		list := weights([][]float32{make([]float32, 1+r.IntN(50)), make([]float32, 1+r.IntN(50))})
		type place struct{ list, at int }
		var places []place
		for i, w := range list {
			for k := range w.Values {
				w.Values[k] = float32(math.Round(8*r.NormFloat64()) / 8 * math.Exp2(float64(r.IntN(3)-1)))
				places = append(places, place{i, k})
			}
		}
		old := weights([][]float32{list[0].Values, list[1].Values})
		slices.SortStableFunc(places, func(a, b place) int {
			return int(magnitude(old[a.list].Values[a.at])) - int(magnitude(old[b.list].Values[b.at]))
		})
		k := r.IntN(len(places) + 1)
		for _, p := range places[:k] {
			old[p.list].Values[p.at] = 0
		}
		zeroSmallest(list, k)
		if !slices.Equal(old[0].Values, list[0].Values) || !slices.Equal(old[1].Values, list[1].Values) {
			t.Fatalf("%d of %d: %v and %v, want %v and %v", k, len(places), list[0].Values, list[1].Values, old[0].Values, old[1].Values)
		}
	}
}

func TestPruneAllocatesNothing(t *testing.T) {
	list := weights([][]float32{make([]float32, 500), make([]float32, 300)})
	for _, s := range []Settings{{Sparsity: .5}, {Sparsity: .5, Scope: "layer"}, {Pattern: Pattern{2, 4}}} {
		if n := testing.AllocsPerRun(10, func() { s.Prune(list, .7) }); n > 0 {
			t.Errorf("%+v allocates %v times", s, n)
		}
	}
}

func TestTakes(t *testing.T) {
	matrix := func(layer, role string) graph.Param {
		return graph.Param{Layer: layer, Role: role, Name: layer + "." + role, Shape: graph.Shape{4, 3}}
	}
	for _, c := range []struct {
		s    Settings
		p    graph.Param
		want bool
	}{
		{Settings{}, matrix("dense_1", "weight"), true},
		{Settings{}, matrix("lstm_1", "weight_hh_l0"), true},
		{Settings{}, graph.Param{Layer: "dense_1", Role: "bias", Shape: graph.Shape{4}}, false},
		{Settings{Layers: []string{"*"}}, graph.Param{Layer: "norm", Role: "gamma", Shape: graph.Shape{4}}, false},
		{Settings{}, matrix("embedding_1", "table"), false},
		{Settings{}, matrix("encoder.0", "attention.positions"), false},
		{Settings{Layers: []string{"embed*"}}, matrix("embedding_1", "table"), true},
		{Settings{Layers: []string{"dense_1"}}, matrix("dense_2", "weight"), false},
		{Settings{Layers: []string{"encoder"}}, matrix("encoder.0.dense", "weight"), true},
		{Settings{Exclude: []string{"dense_2"}}, matrix("dense_2", "weight"), false},
		{Settings{Exclude: []string{"dense_2"}}, matrix("dense_1", "weight"), true},
	} {
		if got := c.s.Takes(c.p); got != c.want {
			t.Errorf("%+v takes %s of %s: %v", c.s, c.p.Role, c.p.Layer, got)
		}
	}
}

func TestCount(t *testing.T) {
	list := Count(weights([][]float32{{0, 1, 0, 2}, {0, 0}}))
	if all := Total(list); list[0].NonZeros != 2 || list[1].NonZeros != 0 || list[1].Sparsity() != 1 || all.Weights != 6 || all.NonZeros != 2 {
		t.Errorf("%+v, together %+v", list, all)
	}
}
