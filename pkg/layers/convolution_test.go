package layers

import (
	"math"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/spec"
)

func TestConvolutionMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		in   []Input
		want []string
	}{
		"flat images": {text: `
layers:
  - {type: conv2d, filters: 4, kernel: 3}
  - flatten
  - {type: dense, units: 3, name: a}
  - {type: dense, units: 4, name: b}
  - {type: add, inputs: [a, b]}
`, in: []Input{floats("x", 784)}, want: []string{
			"layers[0]: takes images [height, width, channels], its input is [784]; put a reshape layer with shape: [28, 28, 1] before it",
			"layers[4]: inputs of shapes [3] and [4] cannot be added",
		}},
		"axes": {text: `
layers:
  - {type: conv1d, filters: 4, kernel: 3, inputs: [x], name: a}
  - {type: conv3d, filters: 4, kernel: 3, inputs: [x], name: b}
  - {type: depthwise_conv1d, kernel: 3, inputs: [x], name: c}
  - {type: conv_transpose1d, filters: 4, kernel: 3, inputs: [x], name: d}
  - {type: conv2d, filters: 4, kernel: [3, 3, 3], stride: [1], dilation: [1, 2, 3], padding: [1, 2, 3], inputs: [x], name: e}
  - {type: separable_conv2d, filters: 4, kernel: [1, 2, 3], inputs: [x], name: f}
  - {type: concat, inputs: [a, b, c, d, e, f]}
`, in: []Input{floats("x", 8, 8, 3)}, want: []string{
			"layers[0]: takes sequences [steps, channels], its input is [8x8x3]; put a reshape layer with shape: [",
			"layers[1]: takes volumes [depth, height, width, channels], its input is [8x8x3]; put a reshape layer with shape: [8, 8, 3, 1] before it",
			"layers[2]: takes sequences",
			"layers[3]: takes sequences",
			"layers[4].kernel: has 3 numbers, but there are 2 axes: want one number, or one for each axis",
			"layers[4].dilation: has 3 numbers",
			"layers[4].padding: has 3 numbers",
			"layers[5].kernel: has 3 numbers",
		}},
		"groups": {text: `
layers:
  - {type: conv2d, filters: 16, kernel: 3, padding: same}
  - {type: conv2d, filters: 6, kernel: 3, groups: 3}
  - {type: conv2d, filters: 16, kernel: 3, groups: 3}
  - {type: conv2d, filters: 3, kernel: 3, groups: 2, inputs: [x], name: a}
  - {type: conv_transpose2d, filters: 8, kernel: 3, groups: 3, inputs: [x], name: b}
  - {type: conv2d, filters: 16, kernel: 3, groups: 0, inputs: [x], name: c}
  - {type: add, inputs: [a, b, c]}
`, in: []Input{floats("x", 8, 8, 2)}, want: []string{
			"layers[1].groups: 3 does not divide the 16 channels of its input",
			"layers[2].groups: 3 does not divide the 16 filters",
			"layers[3].groups: 2 does not divide the 3 filters",
			"layers[4].groups: 3 does not divide the 2 channels of its input",
			"layers[5].groups: 0 is out of range",
			"layers[6]: inputs of shapes [6x6x3] and [10x10x8] cannot be added",
		}},
		"sizes": {text: `
layers:
  - {type: conv2d, filters: 4, kernel: 9, inputs: [x], name: a}
  - {type: conv2d, filters: 4, kernel: 5, dilation: 2, padding: [0, 1], inputs: [x], name: b}
  - {type: separable_conv2d, filters: 4, kernel: 9, inputs: [x], name: c}
  - {type: conv_transpose2d, filters: 4, kernel: 3, padding: 9, inputs: [x], name: d}
  - {type: conv_transpose2d, filters: 4, kernel: 3, output_padding: 1, inputs: [x], name: e}
  - {type: conv_transpose2d, filters: 4, kernel: 3, stride: 2, padding: same, output_padding: 1, inputs: [x], name: f}
  - {type: conv_transpose2d, filters: 4, kernel: 3, stride: [2, 3], output_padding: [1, 3], inputs: [x], name: g}
  - {type: concat, inputs: [a, b, c, d, e, f, g]}
`, in: []Input{floats("x", 8, 8, 2)}, want: []string{
			"layers[0].kernel: a window of 9x9 does not fit its input of 8x8 (padding: same keeps the size)",
			"layers[1].kernel: a window of 5x5, which dilation spreads over 9x9, does not fit its input of 8x8 with a padding of 0x1",
			"layers[2].kernel: a window of 9x9 does not fit its input of 8x8",
			"layers[3].padding: a padding of 9 leaves nothing of what a window of 3x3 makes of an input of 8x8",
			"layers[4].output_padding: 1 is out of range: want less than the stride of 1",
			"layers[5].output_padding: padding: same settles the size of the output; leave it out, or give the padding as a number",
			"layers[6].output_padding: 3 is out of range: want less than the stride of 3",
		}},
		"residual": {text: `
layers:
  - {type: residual, layers: [{type: conv2d, filters: 2, kernel: 3}]}
  - {type: residual, inputs: [x], projection: true, layers: [{type: conv2d, filters: 4, kernel: 3}], name: a}
  - {type: residual, inputs: [x], layers: [{type: conv2d, filters: 4, kernel: 3, stride: 2, padding: same}], name: b}
  - {type: residual, inputs: [x], projection: true, layers: [flatten], name: c}
  - {type: residual, inputs: [x], projection: true, layers: [{type: conv_transpose2d, filters: 4, kernel: 3}], name: d}
  - {type: concat, inputs: [a, b, c, d]}
`, in: []Input{floats("x", 8, 8, 2)}, want: []string{
			"layers[0]: its input of shape [8x8x2] and the output of the layers within, of shape [6x6x2], cannot be added; in convolutions and pools within, padding: same keeps the size",
			"layers[1]: its input of shape [8x8x2] and the output of the layers within, of shape [6x6x4], cannot be added; in",
			"layers[2]: its input of shape [8x8x2] and the output of the layers within, of shape [4x4x4], cannot be added; projection: true brings the input to the shape of the result",
			"layers[3]: its input of shape [8x8x2] and the output of the layers within, of shape [128], cannot be added",
			"layers[4]: its input of shape [8x8x2] and the output of the layers within, of shape [10x10x4], cannot be added; in",
		}},
		"settings": {text: `
layers:
  - {type: conv2d, kernel: 3, filters: 0, padding: sam, stride: 0, activation: rleu}
  - {type: conv2d, filters: 4}
  - {type: depthwise_conv2d, kernel: [], multiplier: 0}
  - {type: conv2d, filters: targets, kernel: 3, groups: 7}
`, in: []Input{floats("x", 8, 8, 2)}, want: []string{
			`layers[0].filters: 0 is out of range`,
			`layers[0].stride: 0 is out of range: want 1 to 100000000`,
			`layers[0].padding: want valid, same, a whole number or a list of whole numbers, got "sam" (did you mean same?)`,
			`layers[0].activation: unknown activation "rleu" (did you mean relu?)`,
			"layers[1]: kernel is missing (extent of the window: one number for all axes, or one for each)",
			"layers[2].kernel: the list is empty; want one whole number for each axis",
			"layers[2].multiplier: 0 is out of range",
			"layers[3].filters: the data's target has no targets; it has 3 classes (filters: classes)",
		}},
	} {
		got := build(t, c.text, true, Spec{Inputs: c.in}).lines()
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
			t.Errorf("%s: got\n  %s\nwant\n  %s", name, strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
		}
	}
}

// TestFans holds the range of the first values against the number of inputs that an output sees.
func TestFans(t *testing.T) {
	for layer, fan := range map[string]int{
		"{type: conv2d, filters: 64, kernel: [3, 5]}":                                    8 * 15,
		"{type: conv2d, filters: 64, kernel: 3, groups: 4}":                              2 * 9,
		"{type: depthwise_conv2d, kernel: 5, multiplier: 16}":                            25,
		"{type: conv_transpose2d, filters: 64, kernel: 4, stride: 2}":                    8 * 4,
		"{type: conv_transpose2d, filters: 64, kernel: 2, stride: 2, groups: 2}":         4,
		"{type: conv_transpose2d, filters: 64, kernel: 1, stride: 2, output_padding: 1}": 8,
	} {
		n := build(t, "layers: ["+layer+"]", true, Spec{Inputs: []Input{floats("x", 9, 9, 8)}})
		if n.err != nil {
			t.Fatal(n.err)
		}
		for _, p := range n.params() {
			values, most := make([]float32, p.Shape.Size()), 0.0
			p.Init(values)
			for _, v := range values {
				most = max(most, math.Abs(float64(v)))
			}
			want := 1 / math.Sqrt(float64(fan))
			if p.Role == "weight" {
				want *= math.Sqrt(3)
			}
			if most > want*1.000001 || most < 0.9*want {
				t.Errorf("%s: %s reaches %.4f, want %.4f", layer, p.Name, most, want)
			}
		}
	}
}

// TestLengths: a row in a batch of longer ones gives what it gives alone, and its length is that of what it gives alone.
func TestLengths(t *testing.T) {
	const rows, steps, channels = 4, 9, 2
	lengths := []int32{9, 5, 2, 7}
	for _, layer := range []string{
		"{type: conv1d, filters: 3, kernel: 3}",
		"{type: conv1d, filters: 3, kernel: 2, stride: 2, activation: tanh}",
		"{type: conv1d, filters: 3, kernel: 4, padding: same}",
		"{type: conv1d, filters: 3, kernel: 3, stride: 2, padding: 2, dilation: 2}",
		"{type: depthwise_conv1d, kernel: 2, padding: 1}",
		"{type: conv_transpose1d, filters: 3, kernel: 3}",
		"{type: conv_transpose1d, filters: 3, kernel: 3, stride: 3, padding: 1, output_padding: 2}",
		"{type: conv_transpose1d, filters: 3, kernel: 5, stride: 2, padding: same}",
		"{type: residual, projection: true, layers: [{type: conv1d, filters: 3, kernel: 3, padding: same}]}",
		"{type: residual, projection: true, layers: [{type: conv1d, filters: 3, kernel: 1, stride: 2}]}",
	} {
		together, out := runSequences(t, layer, rows, steps, channels, lengths, nil)
		for row, n := range lengths {
			alone, _ := runSequences(t, layer, 1, int(n), channels, nil, func(x []float64) { copy(x, sequence(row)) })
			if alone == nil { // shorter than the window
				if out[row] != 0 {
					t.Errorf("%s: row %d has %d steps, want none", layer, row, out[row])
				}
				continue
			}
			width := 3
			if strings.Contains(layer, "depthwise") {
				width = channels
			}
			if want := len(alone) / width; int(out[row]) != want {
				t.Fatalf("%s: row %d has %d steps, want %d", layer, row, out[row], want)
			}
			near(t, layer, together[row*len(together)/rows:][:len(alone)], alone)
		}
	}
}

// sequence is 9 steps of 2 channels, other ones for each row.
func sequence(row int) []float64 {
	x := make([]float64, 18)
	for i := range x {
		x[i] = math.Sin(float64(100*row + i + 1))
	}
	return x
}

// runSequences gives the output of a layer for a batch of sequences and the lengths of its rows. Without lengths, all
// steps count. It returns nil where the layer does not take the sequences.
func runSequences(t *testing.T, layer string, rows, steps, channels int, lengths []int32, fill func(x []float64)) ([]float64, []int32) {
	t.Helper()
	var p spec.Problems
	list, doc := parse(t, "layers: ["+layer+"]", &p)
	b := graph.NewBuilder()
	x := Signal{Value: b.Input("x", graph.Floats(rows, steps, channels))}
	feeds := map[string]graph.Ref{"x": {F: make([]float64, rows*steps*channels)}}
	if lengths != nil {
		x.Lengths = b.Input("lengths", graph.Ints(rows))
		feeds["lengths"] = graph.Ref{I: lengths}
		for row := range rows {
			copy(feeds["x"].F[row*steps*channels:], sequence(row))
		}
	}
	if fill != nil {
		fill(feeds["x"].F)
	}
	sc := scope{net: &net{b: b, problems: &p}, path: "layers", passed: inherited{rate: 1}, first: func() []Signal { return []Signal{x} }}
	y := sc.build(list)
	if err := p.Err(doc); err != nil {
		if strings.Contains(err.Error(), "does not fit") {
			return nil, nil
		}
		t.Fatal(err)
	}
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if w := b.Weights(); w != nil {
		weights := make([]float64, w.Value.Shape[0])
		for i := range weights {
			weights[i] = math.Cos(float64(i))
		}
		feeds["weights"] = graph.Ref{F: weights}
	}
	values := exec.Evaluate(g, feeds)
	if y.Lengths == nil {
		return values[y.Value].F, nil
	}
	return values[y.Value].F, values[y.Lengths].I
}
