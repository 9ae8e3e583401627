package layers

import (
	"slices"
	"strings"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

// TestMistakes holds specs against the beginnings of all that is reported of them, in the order of the file: every mistake,
// and nothing that only follows from another.
func TestMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		in   []Input
		size Sizes
		want []string
	}{
		"names": {text: `
layers:
  - {type: dense, units: 8, name: a}
  - {type: dense, units: 8, name: a}
  - {type: dense, units: 8, name: x}
  - {type: dense, units: 8, name: a.b, inputs: [aa]}
  - {type: add, inputs: [a, b]}
  - {type: add}
`, want: []string{
			`layers[1].name: "a" is the name of layers[0] too`,
			`layers[2].name: "x" is the name of a dataset input`,
			`layers[3].name: "a.b" holds a dot, a slash or a blank; parameters are called NAME.weight`,
			`layers[3].inputs[0]: no layer and no dataset input is called "aa"`,
			`layers[4].inputs[1]: no layer and no dataset input is called "b"`,
			`layers[5].inputs: takes at least 2 inputs, has 1`,
		}},
		"shapes": {text: `
layers:
  - {type: dense, units: 32, name: a}
  - {type: dense, units: 16, name: b}
  - {type: add, inputs: [a, b]}
  - {type: dense, units: 8}
  - {type: reshape, shape: [2, 5], name: r}
  - {type: multiply, inputs: [b, r]}
  - {type: concat, inputs: [a, b], axis: 1}
  - {type: flatten, inputs: [a, b]}
`, want: []string{
			"layers[2]: inputs of shapes [32] and [16] cannot be added",
			"layers[4].shape: a row of shape [8] has 8 elements, shape [2x5] has 10",
			"layers[6].axis: a row of shape [32] has no axis 1",
			"layers[7].inputs: takes one input, has 2; a concat, add or multiply layer joins several",
		}},
		"behind a mistake, what is certain again": {text: `
layers:
  - {type: wavelet, units: 8}
  - {type: reshape, shape: [3, 3]}
  - flatten
  - {type: dense, units: 8, name: a}
  - {type: dense, units: 9, name: b}
  - {type: add, inputs: [a, b]}
  - {type: reshape, shape: [2, 3]}
`, want: []string{
			`layers[0].type: unknown layer "wavelet"`,
			"layers[5]: inputs of shapes [8] and [9] cannot be added",
		}},
		"a width that no mistake touches": {text: `
layers:
  - {type: wavelet}
  - {type: dense, units: 8, name: a}
  - {type: dense, units: 9, name: b}
  - {type: reshape, shape: [2, 3], inputs: [b]}
  - {type: multiply, inputs: [a, b]}
  - {type: dense, units: 4}
  - {type: residual, layers: [{type: dense, units: 5}]}
  - {type: residual, layers: [wavelet, {type: dense, units: 5}]}
`, want: []string{
			`layers[0].type: unknown layer "wavelet"`,
			"layers[4]: inputs of shapes [8] and [9] cannot be multiplied",
			"layers[6]: its input of shape [4] and what the layers within make of it, of shape [5], cannot be added",
			`layers[7].layers[0]: unknown layer "wavelet"`,
		}},
		"a slip is what it seems to be": {text: `
layers:
  - {type: dens, units: 8}
  - {type: reshape, shape: [3, 3]}
`, want: []string{
			`layers[0].type: unknown layer "dens" (did you mean dense?)`,
			"layers[1].shape: a row of shape [8] has 8 elements, shape [3x3] has 9",
		}},
		"extents beyond any use": {text: `
layers:
  - {type: dense, units: 1e9}
  - {type: reshape, shape: [100000000, 100000000, 100000000]}
  - {type: dense, units: 4}
  - {type: reshape, shape: [100000000, 90000000]}
  - {type: repeat, times: 20000, layers: [flatten]}
`, want: []string{
			"layers[0].units: 1000000000 is out of range: want 1 to 100000000",
			"layers[4].times: 20000 is out of range: want 1 to 10000",
		}},
		"more elements than there can be": {text: `
layers:
  - {type: reshape, shape: [100000000, 100000000, 100000000]}
  - {type: dense, units: 4, inputs: [x], name: a}
  - {type: reshape, shape: [100000000, 90000000], inputs: [a]}
`, want: []string{
			"layers[0].shape: shape [100000000 100000000 100000000] has too many elements",
			"layers[2].shape: a row of shape [4] has 4 elements, shape [100000000x90000000] has 9000000000000000",
		}},
		"inputs that are not known": {text: `
layers:
  - {type: reshape, shape: [3, 7]}
  - flatten
  - {type: dense, units: 8, name: a}
  - {type: dense, units: 8, name: b, inputs: [y]}
  - {type: reshape, shape: [3, 3]}
  - {type: add, inputs: [a, b, z]}
`, in: []Input{column("x", 0, 7), {Name: "y", Lost: true, Flat: true}}, want: []string{
			"layers[4].shape: a row of shape [8] has 8 elements, shape [3x3] has 9",
			`layers[5].inputs[2]: no layer and no dataset input is called "z"`,
		}},
		"sizes": {text: `
layers:
  - {type: dense, units: targets, name: a}
  - {type: dense, units: 7, name: b, inputs: [x]}
  - {type: add, inputs: [a, b]}
  - {type: dense, units: clases}
  - {type: dense, units: 0}
  - {type: dense}
  - {type: dense, units: vocabulary}
`, want: []string{
			"layers[0].units: the data's target has no targets; it has 3 classes (units: classes)",
			`layers[3].units: want a whole number or one of classes, targets, vocabulary, got "clases" (did you mean classes?)`,
			"layers[4].units: 0 is out of range",
			"layers[5]: units is missing (number of outputs)",
			"layers[6].units: the data's target has no vocabulary; it has 3 classes (units: classes)",
		}},
		"sizes of unread data": {text: `
layers:
  - {type: dense, units: targets, name: a}
  - {type: dense, units: 7, name: b, inputs: [x]}
  - {type: add, inputs: [a, b]}
`, size: Sizes{Classes: 1}},
		"settings": {text: `
layers:
  - {type: dropout, rate: 1}
  - {type: dense, units: 4, activation: swish, weight_init: he_norm}
  - {type: activation, function: {type: leaky_relu, alpha: -1}}
  - {type: activation, function: rleu}
  - {type: reshape, shape: [-1, 0, -1]}
  - {type: dense, units: 4, learning_rate_facto: 0.1}
  - {type: repeat, layers: []}
`, want: []string{
			"layers[0].rate: 1 is out of range",
			`layers[1].activation: unknown activation "swish" (here it is called silu)`,
			`layers[1].weight_init: unknown initializer "he_norm" (did you mean he_normal?)`,
			"layers[2].function.alpha: -1 is out of range",
			`layers[3].function: unknown activation "rleu" (did you mean relu?)`,
			"layers[4].shape: an axis of 0 elements",
			"layers[4].shape: more than one extent is -1",
			"layers[5].learning_rate_facto: unknown key (did you mean learning_rate_factor?)",
			"layers[6]: times is missing (how often)",
			"layers[6].layers: has 0 entries",
		}},
		"nested": {text: `
layers:
  - {type: dense, units: 8, name: wide}
  - {type: dense, units: 4}
  - type: residual
    layers:
      - {type: dense, units: targets}
      - {type: dense, units: 5}
      - {type: dense, units: 4, name: d}
      - {type: dense, units: 4, name: d}
      - {type: add, inputs: [d, wide]}
      - {type: dense, units: 5}
  - {type: dense, units: 4}
  - type: repeat
    times: 2
    layers:
      - type: residual
        layers:
          - {type: dense, units: 5}
      - {type: dense, units: 4}
      - {type: multiply, inputs: [wide, wid]}
  - {type: dense, units: 3, inputs: [d]}
`, want: []string{
			"layers[2]: its input of shape [4] and what the layers within make of it, of shape [5], cannot be added; projection: true brings the input to the width of the result",
			"layers[2].layers[0].units: the data's target has no targets; it has 3 classes (units: classes)",
			`layers[2].layers[3].name: "d" is the name of layers[2].layers[2] too`,
			"layers[2].layers[4]: inputs of shapes [4] and [8] cannot be added",
			"layers[4].layers[0]: its input of shape [4] and what the layers within make of it, of shape [5], cannot be added; projection: true brings the input to the width of the result",
			`layers[4].layers[2].inputs[1]: no layer and no dataset input is called "wid" (did you mean wide?)`,
			`layers[5].inputs[0]: no layer and no dataset input is called "d"`,
		}},
		"circles": {text: `
layers:
  - {type: add, name: a, inputs: [x, c]}
  - {type: dense, units: 6}
  - {type: dense, units: 6, name: c}
  - {type: add, name: d, inputs: [d, c]}
  - type: residual
    name: r
    layers:
      - {type: add, inputs: [late, d]}
  - {type: dense, units: 6, name: late}
  - {type: dense, units: targets}
`, want: []string{
			"layers[0].inputs: the layers feed each other in a circle: a ← c ← layers[1] ← a",
			"layers[3].inputs: the layers feed each other in a circle: d ← d",
			"layers[4]: the layers feed each other in a circle: r ← late ← r",
			"layers[6].units: the data's target has no targets; it has 3 classes (units: classes)",
		}},
		"inputs": {text: `
layers:
  - {type: dense, units: 4, name: a}
  - {type: dense, units: 4, inputs: [words], name: b}
  - {type: embedding, size: 4, inputs: [x], name: e}
  - {type: concat, inputs: [x, words]}
  - {type: embedding, inputs: [words], name: f}
  - {type: add, inputs: [a, b, e, f]}
`, in: []Input{floats("x", 6), indices("words", 9, 5)}, want: []string{
			"layers[0]: the dataset's inputs cannot be joined into one (x, words); say which the layer takes, for example inputs: [x]",
			"layers[1]: its input holds category indices; put an embedding layer before it, or use encode: one_hot in the dataset",
			"layers[2]: takes the tokens of a text (type: text) or a category with encode: index; its input holds numbers, which a dense layer takes as they are",
			"layers[3]: its input holds category indices; put an embedding layer before it, or use encode: one_hot in the dataset",
			"layers[4]: size is missing (length of the vectors)",
		}},
		"forgotten": {text: `
layers:
  - {type: dense, units: 4, name: a}
  - {type: dense, units: 4, inputs: [x]}
  - type: residual
    layers:
      - {type: dense, units: 7}
      - {type: dense, units: 4, inputs: [x]}
`, want: []string{
			"layers[0]: nothing takes its output: name it in the inputs of another layer, or leave it out",
			"layers[2].layers[0]: nothing takes its output: name it in the inputs of another layer, or leave it out",
		}},
		"no data": {text: `
layers:
  - {type: flatten, inputs: [a]}
  - {type: dense, units: 4, name: b}
  - {type: dense, units: 5, name: c}
  - {type: add, inputs: [b, c]}
`, in: []Input{}, want: []string{
			"layers[3]: inputs of shapes [4] and [5] cannot be added",
		}},
	} {
		for _, training := range []bool{true, false} {
			got := build(t, c.text, training, Spec{Inputs: c.in, Sizes: c.size}).lines()
			if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
				t.Errorf("%s: got\n  %s\nwant\n  %s", name, strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
			}
		}
	}
}

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
		"a picture":           {"layers: [{type: dense, units: 3}]", []Input{floats("x", 28, 28, 1)}, graph.Shape{28, 28, 3}},
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
