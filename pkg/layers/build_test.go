package layers

import (
	"slices"
	"strings"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func TestNames(t *testing.T) {
	n := build(t, `
layers:
  - {type: dense, units: 4}
  - {type: dense, units: 4, name: dense_2}
  - {type: dense, units: 4}
  - type: repeat
    times: 2
    layers:
      - {type: dense, units: 4, name: in}
      - {type: residual, name: r, layers: [{type: dense, units: 5}, {type: dense, units: 4, name: in}, {type: add, inputs: [in, dense_2]}]}
  - {type: residual, layers: [{type: dense, units: 5}], projection: true, l2: 0.5, learning_rate_factor: 2}
`, true, Spec{})
	if n.err != nil {
		t.Fatal(n.err)
	}
	want := "dense_1 dense_2 dense_3 repeat_1 repeat_1.0.in repeat_1.0.r repeat_1.0.r.dense_1 repeat_1.0.r.in repeat_1.0.r.add_1" +
		" repeat_1.1.in repeat_1.1.r repeat_1.1.r.dense_1 repeat_1.1.r.in repeat_1.1.r.add_1 residual_1 residual_1.dense_1"
	var names []string
	for _, i := range n.infos {
		names = append(names, i.Name)
	}
	if got := strings.Join(names, " "); got != want {
		t.Errorf("names are\n%s\nwant\n%s", got, want)
	}
	if i := n.infos[6]; i.Path != "layers[3].layers[1].layers[0]" || i.Depth != 2 || i.Kind != "dense" || !i.Out.Shape.Equal(graph.Shape{4, 5}) {
		t.Errorf("info of a nested layer is %+v", i)
	}
	params := n.params()
	for _, want := range []graph.Param{
		{Name: "dense_2.weight", Layer: "dense_2", Role: "weight", Rate: 1},
		{Name: "repeat_1.1.r.in.bias", Layer: "repeat_1.1.r.in", Role: "bias", Rate: 1},
		{Name: "residual_1.projection.weight", Layer: "residual_1", Role: "weight", Rate: 2, L2: 0.5},
		{Name: "residual_1.dense_1.weight", Layer: "residual_1.dense_1", Role: "weight", Rate: 2, L2: 0.5},
		{Name: "residual_1.dense_1.bias", Layer: "residual_1.dense_1", Role: "bias", Rate: 2},
	} {
		got := params[want.Name]
		if got.Name != want.Name || got.Layer != want.Layer || got.Role != want.Role || got.Rate != want.Rate || got.L2 != want.L2 {
			t.Errorf("parameter is %+v, want %+v", got, want)
		}
	}
}

// TestOrder builds a net whose layers stand in another order than they feed each other.
func TestOrder(t *testing.T) {
	n := build(t, `
layers:
  - {type: dense, units: 3, inputs: [late], name: out}
  - {type: dense, units: 5, inputs: [x], name: early}
  - type: residual
    name: block
    layers:
      - {type: add, inputs: [early, later]}
  - {type: dense, units: 5, inputs: [x], name: later}
  - {type: dense, units: 7, inputs: [block], name: late}
  - {type: activation, function: tanh, inputs: [out]}
`, true, Spec{})
	if n.err != nil {
		t.Fatal(n.err)
	}
	if !n.out.Shape().Equal(graph.Shape{3}) {
		t.Errorf("the output is %v", n.out.Shape())
	}
	if _, ok := n.params()["late.weight"]; !ok {
		t.Error("no late.weight")
	}
}

// TestFrozenBlock: a layer that is asked for from within a frozen block is not frozen by that.
func TestFrozenBlock(t *testing.T) {
	n := build(t, `
layers:
  - {type: dense, units: 5, name: first}
  - type: residual
    trainable: false
    layers:
      - {type: dense, units: 5, name: within}
      - {type: add, inputs: [within, later]}
  - {type: dense, units: 5, inputs: [first], name: later}
  - {type: dense, units: 5, inputs: [residual_1]}
`, true, Spec{})
	want := "layers[3].inputs[0]: no layer and no dataset input is called \"residual_1\"; that is only how a layer without a name is listed: give it one (name: …)"
	if got := n.lines(); len(got) != 1 || got[0] != want {
		t.Fatal(got)
	}
	g, _ := n.b.Finish()
	var frozen []string
	for _, p := range g.Var("frozen").Params {
		frozen = append(frozen, p.Name)
	}
	if want := []string{"residual_1.within.weight", "residual_1.within.bias"}; !slices.Equal(frozen, want) {
		t.Errorf("frozen are %v, want %v", frozen, want)
	}
}

func TestInputs(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		in   []Input
		out  graph.Shape
	}{
		"one":                 {"layers: [{type: dense, units: 3}]", []Input{floats("x", 6)}, graph.Shape{3}},
		"an image":            {"layers: [{type: dense, units: 3}]", []Input{floats("x", 28, 28, 1)}, graph.Shape{28, 28, 3}},
		"columns":             {"layers: [{type: activation, function: relu}]", []Input{column("a", 0, 2), column("b", 2, 7)}, graph.Shape{7}},
		"a column of them":    {"layers: [{type: activation, function: relu, inputs: [b]}]", []Input{column("a", 0, 2), column("b", 2, 7)}, graph.Shape{5}},
		"words":               {"layers: [{type: embedding, size: 4}]", []Input{indices("w", 9, 5)}, graph.Shape{5, 4}},
		"a word":              {"layers: [{type: embedding, size: 4}]", []Input{indices("w", 9)}, graph.Shape{4}},
		"flat words":          {"layers: [{type: reshape, shape: [2, 2]}, flatten, {type: embedding, size: 3}, flatten]", []Input{indices("w", 9, 4)}, graph.Shape{12}},
		"words and numbers":   {"layers: [{type: embedding, size: 4, inputs: [w], name: e}, {type: concat, inputs: [e, x]}]", []Input{floats("x", 6), indices("w", 9)}, graph.Shape{10}},
		"a series of a block": {"layers: [flatten]", []Input{{Name: "s", Block: "b", BlockShape: graph.Shape{12}, Lo: 2, Hi: 8, Shape: graph.Shape{3, 2}}}, graph.Shape{6}},
	} {
		n := build(t, c.text, true, Spec{Inputs: c.in})
		if n.err != nil || !n.out.Shape().Equal(c.out) {
			t.Errorf("%s: output %v, want %v; %v", name, n.out.Shape(), c.out, n.err)
		}
	}
}

// TestSameParameters: training and evaluation, and any batch size, lay out the same parameters and states.
func TestSameParameters(t *testing.T) {
	text := `
layers:
  - {type: dense, units: 4, activation: relu}
  - batch_norm
  - {type: dropout, rate: 0.5}
  - {type: residual, layers: [{type: dense, units: 4}, layer_norm]}
  - {type: dense, units: classes}
`
	layout := func(batch int, training bool) string {
		var p spec.Problems
		list, _ := parse(t, text, &p)
		b := graph.NewBuilder()
		Build(b, Spec{Layers: list, Inputs: []Input{floats("x", 6)}, Sizes: Sizes{Classes: 3}, Seed: 1}, batch, training, &p)
		g, err := b.Finish()
		if err != nil || p.Len() > 0 {
			t.Fatal(err, p)
		}
		var s strings.Builder
		for _, v := range g.Vars {
			s.WriteString(v.Name + v.Value.Type.String())
			for _, q := range v.Params {
				s.WriteString(" " + q.Name + q.Shape.String())
			}
		}
		return s.String()
	}
	want := layout(8, true)
	for _, batch := range []int{1, 3} {
		for _, training := range []bool{true, false} {
			if got := layout(batch, training); got != want {
				t.Errorf("batch %d, training %v: %s\nwant %s", batch, training, got, want)
			}
		}
	}
}
