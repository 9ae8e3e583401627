package layers

import (
	"slices"
	"strings"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func TestPoolingMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		in   []Input
		want []string
	}{
		"shapes": {text: `
layers:
  - {type: max_pool2d, size: 9, inputs: [x], name: a}
  - {type: avg_pool2d, size: [9, 3], padding: [2, 1], inputs: [x], name: b}
  - {type: max_pool1d, size: 2, inputs: [x], name: c}
  - {type: global_avg_pool1d, inputs: [x], name: d}
  - {type: global_max_pool2d, inputs: [flat], name: e}
  - {type: adaptive_avg_pool2d, size: 2, inputs: [flat], name: f}
  - {type: upsample1d, inputs: [flat], name: g}
  - {type: add, inputs: [a, b, c, d, e, f, g]}
`, in: []Input{floats("x", 4, 8, 2), floats("flat", 12)}, want: []string{
			"layers[0].size: a window of 9x9 does not fit its input of 4x8 (padding: same keeps the size)",
			"layers[1].size: a window of 9x3 does not fit its input of 4x8 with a padding of 2x1",
			"layers[2]: takes sequences [steps, channels], its input is [4x8x2]; put a reshape layer",
			"layers[3]: takes sequences [steps, channels], its input is [4x8x2]; put a reshape layer",
			"layers[4]: takes images [height, width, channels], its input is [12]; put a reshape layer with shape: [height, width, channels] before it",
			"layers[5]: takes images",
			"layers[6]: takes sequences [steps, channels], its input is [12]; put a reshape layer with shape: [12, 1] before it",
		}},
		"settings": {text: `
layers:
  - max_pool2d
  - {type: max_pool2d, size: [2, 0], stride: [1, 2, 3]}
  - {type: avg_pool2d, size: 2, padding: 2}
  - {type: avg_pool2d, size: [3, 2], padding: [1, 2]}
  - {type: avg_pool2d, size: 3, padding: half}
  - {type: adaptive_avg_pool2d, size: [1, 2, 3]}
  - {type: upsample2d, method: linear}
  - {type: maxpool2d, size: 2}
`, in: []Input{floats("x", 8, 8, 2)}, want: []string{
			"layers[0]: size is missing",
			"layers[1].size[1]: 0 is out of range: want 1 to 100000000",
			"layers[1].stride: has 3 numbers, but there are 2 axes: want one number, or one for each axis",
			"layers[2].padding: windows of 2 would lie in a padding of 2 altogether: want less than the size",
			"layers[3].padding: windows of 2 would lie in a padding of 2 altogether",
			`layers[4].padding: want valid, same, a whole number or a list of whole numbers, got "half"`,
			"layers[5].size: has 3 numbers, but there are 2 axes",
			`layers[6].method: "linear" is not one of nearest, bilinear`,
			`layers[7].type: unknown layer "maxpool2d" (did you mean max_pool2d?)`,
		}},
		"behind a mistake": {text: `
layers:
  - {type: max_pool2d, size: 9}
  - {type: max_pool2d, size: 3}
  - global_avg_pool2d
  - {type: dense, units: 3, name: a}
  - {type: dense, units: 4, name: b}
  - {type: add, inputs: [a, b]}
`, in: []Input{floats("x", 8, 8, 2)}, want: []string{
			"layers[0].size: a window of 9x9 does not fit its input of 8x8",
			"layers[5]: inputs of shapes [3] and [4] cannot be added",
		}},
		"too many positions": {text: `
layers:
  - {type: upsample2d, size: 100000000, inputs: [x], name: a}
  - {type: adaptive_avg_pool2d, size: [1, 100000000], inputs: [x], name: b}
  - {type: max_pool2d, size: 100000000, stride: 1, padding: 99999999, inputs: [x], name: c}
  - {type: add, inputs: [a, b, c]}
`, in: []Input{floats("x", 8, 8, 2)}, want: []string{
			"layers[0].size: 800000000 positions along an axis are too many",
			"layers[1].size: 100000000 positions along an axis are too many",
			"layers[2]: 100000007 positions along an axis are too many",
		}},
		"categories": {text: "layers: [{type: max_pool1d, size: 2}]", in: []Input{indices("w", 5, 4)}, want: []string{
			"layers[0]: its input holds category indices",
		}},
	} {
		got := build(t, c.text, true, Spec{Inputs: c.in}).lines()
		if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
			t.Errorf("%s: got\n  %s\nwant\n  %s", name, strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
		}
	}
}

// TestPoolingLengths: a row in a batch of longer ones gives what it gives alone, and nothing of what stands behind it; the
// steps beyond what it gives are 0.
func TestPoolingLengths(t *testing.T) {
	const rows, steps, channels = 5, 9, 2
	lengths := []int32{9, 5, 2, 7, 1}
	for _, layer := range []string{
		"{type: max_pool1d, size: 3}",
		"{type: max_pool1d, size: 3, stride: 2, padding: 1}",
		"{type: max_pool1d, size: 2, ceil: true}",
		"{type: max_pool1d, size: 4, stride: 1, padding: same}",
		"{type: max_pool1d, size: 3, stride: 2, padding: 1, ceil: true}",
		"{type: avg_pool1d, size: 3}",
		"{type: avg_pool1d, size: 3, stride: 2, padding: 2}",
		"{type: avg_pool1d, size: 3, stride: 2, padding: 2, count_padding: false}",
		"{type: avg_pool1d, size: 3, stride: 1, padding: same, count_padding: false}",
		"{type: avg_pool1d, size: 2, ceil: true}",
		"{type: avg_pool1d, size: 4, stride: 2, padding: 1, ceil: true, count_padding: false}",
		"{type: upsample1d, size: 3}",
		"global_avg_pool1d",
		"global_max_pool1d",
	} {
		together, out := runSequences(t, layer, rows, steps, channels, lengths, nil)
		per := len(together) / rows
		for row, n := range lengths {
			alone, _ := runSequences(t, layer, 1, int(n), channels, nil, func(x []float64) { copy(x, sequence(row)) })
			got := together[row*per:][:per]
			if out != nil && int(out[row])*channels != len(alone) {
				t.Fatalf("%s: row %d has %d steps, want %d", layer, row, out[row], len(alone)/channels)
			}
			near(t, layer, got[:len(alone)], alone)
			for i, v := range got[len(alone):] {
				if v != 0 && !strings.Contains(layer, "upsample") {
					t.Fatalf("%s: row %d has %g behind its end, at %d", layer, row, v, i)
				}
			}
		}
		if out == nil != strings.Contains(layer, "global") {
			t.Errorf("%s: gives lengths %v", layer, out)
		}
	}
}

// TestEmptySequences: rows of no steps give 0.
func TestEmptySequences(t *testing.T) {
	for _, layer := range []string{"global_avg_pool1d", "global_max_pool1d", "{type: max_pool1d, size: 2}", "{type: avg_pool1d, size: 2, padding: 1, count_padding: false}"} {
		y, _ := runSequences(t, layer, 2, 9, 2, []int32{0, 3}, nil)
		for _, v := range y[:len(y)/2] {
			if v != 0 {
				t.Errorf("%s gives %v", layer, y)
				break
			}
		}
	}
}

// TestLengthsRefused: what cannot be said of a row in a batch of longer ones is refused.
func TestLengthsRefused(t *testing.T) {
	for layer, want := range map[string]string{
		"{type: max_pool1d, size: 2, stride: 3, ceil: true}":             "the windows of rows of different lengths cannot be counted with ceil: true and a stride above 2",
		"{type: avg_pool1d, size: 3, stride: 1, padding: 1, ceil: true}": "use count_padding: false",
		"{type: upsample1d, method: linear}":                             "sequences of different lengths cannot be interpolated",
		"{type: adaptive_avg_pool1d, size: 2}":                           "sequences of different lengths cannot be averaged to a fixed number of steps",
	} {
		if err := refusal(t, layer); !strings.Contains(err, want) {
			t.Errorf("%s: got %q, want %q", layer, err, want)
		}
	}
}

// refusal is what is said to a layer that is fed sequences of different lengths.
func refusal(t *testing.T, layer string) string {
	t.Helper()
	var p spec.Problems
	list, doc := parse(t, "layers: ["+layer+"]", &p)
	b := graph.NewBuilder()
	x := Signal{Value: b.Input("x", graph.Floats(2, 9, 2)), Lengths: b.Input("lengths", graph.Ints(2))}
	sc := scope{net: &net{b: b, problems: &p}, path: "layers", passed: inherited{rate: 1}, first: func() []Signal { return []Signal{x} }}
	sc.build(list)
	if err := p.Err(doc); err != nil {
		return err.Error()
	}
	return ""
}
