package layers

import (
	"slices"
	"strings"
	"testing"
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
			"layers[6]: its input of shape [4] and the output of the layers within, of shape [5], cannot be added",
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
`, in: []Input{column("x", 0, 7), {Name: "y", Unresolved: true, Flat: true}}, want: []string{
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
			`layers[1].activation: unknown activation "swish" (did you mean silu?)`,
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
			"layers[2]: its input of shape [4] and the output of the layers within, of shape [5], cannot be added; projection: true brings the input to the width of the result",
			"layers[2].layers[0].units: the data's target has no targets; it has 3 classes (units: classes)",
			`layers[2].layers[3].name: "d" is the name of layers[2].layers[2] too`,
			"layers[2].layers[4]: inputs of shapes [4] and [8] cannot be added",
			"layers[4].layers[0]: its input of shape [4] and the output of the layers within, of shape [5], cannot be added; projection: true brings the input to the width of the result",
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
