package fit_test

import (
	"slices"
	"strings"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/tensors"
	"dnn/pkg/tensors/fit"
	"dnn/pkg/tensors/layout"
)

// dense is a layer of n inputs and units.
func dense(name string, units, n int) layout.Layer {
	return layout.Layer{Name: name, Kind: "dense", Params: []layout.Param{
		{Role: "weight", Shape: graph.Shape{units, n}}, {Role: "bias", Shape: graph.Shape{units}},
	}}
}

// linear are the tensors of a module of n inputs and units.
func linear(name string, units, n int) []tensors.Tensor {
	return []tensors.Tensor{{Name: name + ".weight", Shape: []int{units, n}}, {Name: name + ".bias", Shape: []int{units}}}
}

func TestAuto(t *testing.T) {
	three := []layout.Layer{dense("dense_1", 4, 4), dense("dense_2", 4, 4), dense("out", 2, 4)}
	for name, c := range map[string]struct {
		list    []tensors.Tensor
		ordered bool
		net     []layout.Layer
		want    string // pairs, or what the error says
	}{
		"in order":         {slices.Concat(linear("b", 4, 4), linear("a", 4, 4), linear("c", 2, 4)), true, three, "dense_1 = b, dense_2 = a, out = c"},
		"by names' order":  {slices.Concat(linear("f.10", 4, 4), linear("f.9", 4, 4), linear("c", 2, 4)), false, three, "dense_1 = f.9, dense_2 = f.10, out = c"},
		"no order":         {slices.Concat(linear("b", 4, 4), linear("a", 4, 4), linear("c", 2, 4)), false, three, "cannot be told of dense_1, dense_2 here and b, a in the file: the file keeps no order"},
		"one too many":     {slices.Concat(linear("a", 4, 4), linear("b", 4, 4), linear("c", 4, 4), linear("d", 2, 4)), true, three, "they fit in more than one way"},
		"one too few":      {slices.Concat(linear("a", 4, 4), linear("d", 2, 4)), true, three, "they fit in more than one way"},
		"another output":   {slices.Concat(linear("a", 4, 4), linear("b", 4, 4), linear("d", 9, 4)), true, three, "dense_1 = a, dense_2 = b; out (the file has no weight of [2x4]); d.weight, d.bias"},
		"by name":          {slices.Concat(linear("x.out", 2, 4), linear("y", 2, 4)), true, three[2:], "out = x.out; y.weight, y.bias"},
		"by name, not fit": {slices.Concat(linear("out", 9, 4), linear("y.1", 8, 8)), true, three[2:], "; out (out.weight is [9x4], and [2x4] fits); out.weight, out.bias, y.1.weight, y.1.bias"},
		"without a bias":   {linear("a", 2, 4)[:1], true, three[2:], "; out (the file has no weight of [2x4]); a.weight"},
	} {
		t.Run(name, func(t *testing.T) {
			torch, _ := layout.Programs.Get("torch")
			r, err := fit.Auto(c.net, torch, c.list, c.ordered, func(layer string) bool { return layer == "out" })
			if err != nil {
				if !strings.Contains(err.Error(), c.want) {
					t.Errorf("says %v, want %s", err, c.want)
				}
				return
			}
			var pairs []string
			for i := range r.Pairs {
				pairs = append(pairs, r.Pairs[i].Said())
			}
			said := strings.Join(pairs, ", ")
			for _, u := range r.Ours {
				said += "; " + u.String()
			}
			if len(r.Rest) > 0 {
				said += "; " + strings.Join(r.Rest, ", ")
			}
			if said != c.want {
				t.Errorf("found %s, want %s", said, c.want)
			}
		})
	}
}

// Arrays without names fit in the order of the net, or not at all.
func TestByPosition(t *testing.T) {
	keras, _ := layout.Programs.Get("keras")
	net := []layout.Layer{dense("a", 3, 2), dense("b", 1, 3)}
	shapes := func(list ...[]int) (all []tensors.Tensor) {
		for i, s := range list {
			all = append(all, tensors.Tensor{Name: "arr_" + string(rune('0'+i)), Shape: s})
		}
		return all
	}
	if r, err := fit.ByPosition(net, keras, shapes([]int{2, 3}, []int{3}, []int{3, 1}, []int{1})); err != nil || len(r.Pairs) != 2 {
		t.Errorf("found %v, %v", r, err)
	}
	for want, list := range map[string][]tensors.Tensor{
		"arr_0 is [3x2], and a.kernel takes [2x3]": shapes([]int{3, 2}, []int{3}, []int{3, 1}, []int{1}),
		"its 2 arrays end before b.kernel":         shapes([]int{2, 3}, []int{3}),
		"it has 5 arrays, and the net takes 4":     shapes([]int{2, 3}, []int{3}, []int{3, 1}, []int{1}, []int{1}),
	} {
		if _, err := fit.ByPosition(net, keras, list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("says %v, want %s", err, want)
		}
	}
}

// A map takes layers and single parameters, also those that modules hold together with others.
func TestMapped(t *testing.T) {
	torch, _ := layout.Programs.Get("torch")
	attends := layout.Layer{Name: "att", Kind: "multi_head_attention", Heads: 2, KeyHeads: 2}
	for _, role := range []string{"query", "key", "value", "output"} {
		attends.Params = append(attends.Params, layout.Param{Role: role + ".weight", Shape: graph.Shape{4, 4}})
	}
	net := []layout.Layer{dense("a", 3, 2), attends}
	list := slices.Concat(linear("x.a", 3, 2), linear("q", 4, 4), linear("r", 2, 2))
	r, mistakes := fit.Mapped(net, torch, list, []string{"a", "att.query.weight"}, []string{"x.a", "q.weight"})
	if len(mistakes) > 0 || len(r.Pairs) != 2 || !slices.Equal(r.Rest, []string{"q.bias", "r.weight", "r.bias"}) {
		t.Errorf("found %v, %v", r, mistakes)
	}
	ours := []string{"a", "a.weight", "att", "att.key.weight", "b", "a.bias"}
	_, mistakes = fit.Mapped(net, torch, list, ours, []string{"r", "r.weight", "q", "r.weight", "q", "none"})
	for i, want := range []string{
		"r.weight is [2x2], and [3x2] fits", "r.weight is [2x2], and a.weight takes [3x2]", "q has no in_proj_weight",
		"r.weight is [2x2], and att.key.weight takes [4x4]", "no layer or parameter that has something to learn is called b", "the file has no tensor none",
	} {
		if mistakes[i] != want {
			t.Errorf("%s: says %q, want %q", ours[i], mistakes[i], want)
		}
	}
}
