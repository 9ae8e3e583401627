package layers

import (
	"math"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/spec"
)

// TestLengthsOfRows: norms over the steps of a row give what the row gives alone.
func TestLengthsOfRows(t *testing.T) {
	const rows, steps, channels = 4, 9, 2
	lengths := []int32{9, 5, 1, 7}
	for _, layer := range []string{
		"{type: group_norm, groups: 1}",
		"{type: group_norm, groups: 2, shift: false}",
		"{type: instance_norm, scale: false}",
		"{type: squeeze_excite, units: 3}",
		"rms_norm",
		"layer_norm",
	} {
		together, out := runSequences(t, layer, rows, steps, channels, lengths, nil)
		if !slices.Equal(out, lengths) {
			t.Errorf("%s: the lengths are %v", layer, out)
		}
		for row, n := range lengths {
			alone, _ := runSequences(t, layer, 1, int(n), channels, nil, func(x []float64) { copy(x, sequence(row)) })
			near(t, layer, together[row*len(together)/rows:][:len(alone)], alone)
		}
	}
}

// measured is what a batch norm makes of sequences in training: outputs and gradients of the steps that count, gradients
// of gamma and beta, and the next running statistics.
func measured(t *testing.T, layer string, rows, steps int, lengths []int32, x []float64) (result [][]float64) {
	t.Helper()
	const channels = 2
	var p spec.Problems
	list, doc := parse(t, "layers: ["+layer+"]", &p)
	b := graph.NewBuilder()
	in := Signal{Value: b.Input("x", graph.Floats(rows, steps, channels))}
	weighting := make([]float32, len(x)) // of the steps that count
	y := make([]float64, rows*steps*channels)
	for i := range y {
		y[i] = 1000 // what lies beyond the lengths must not matter
	}
	weights := make([]float32, len(y))
	at := func(f func(padded, i int)) {
		i := 0
		for row := range rows {
			n := steps
			if lengths != nil {
				n = int(lengths[row])
			}
			for j := range n * channels {
				f(row*steps*channels+j, i)
				i++
			}
		}
	}
	at(func(padded, i int) {
		weighting[i] = float32(math.Cos(float64(3 * i)))
		y[padded], weights[padded] = x[i], weighting[i]
	})
	feeds := map[string]graph.Ref{"x": {F: y}}
	if lengths != nil {
		in.Lengths = b.Input("lengths", graph.Ints(rows))
		feeds["lengths"] = graph.Ref{I: lengths}
	}
	sc := scope{net: &net{b: b, problems: &p, training: true}, path: "layers", passed: inherited{rate: 1}, first: func() []Signal { return []Signal{in} }}
	out := sc.build(list)
	if err := p.Err(doc); err != nil {
		t.Fatal(err)
	}
	wrt := []*graph.Value{in.Value}
	for _, v := range b.Values() {
		if v.Node.Op == graph.View {
			wrt = append(wrt, v)
		}
	}
	grads := grad.Build(b, weightedSum(b, out.Value, weights), nil, wrt)
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	values := exec.Evaluate(g, feeds)
	compact := func(v []float64) []float64 {
		c := make([]float64, len(x))
		at(func(padded, i int) { c[i] = v[padded] })
		return c
	}
	result = append(result, compact(values[out.Value].F), compact(values[grads[0]].F))
	for _, d := range grads[1:] {
		result = append(result, values[d].F)
	}
	for _, a := range g.Assigns {
		result = append(result, values[a.Value].F)
	}
	return result
}

// TestBatchNormOfSequences: a batch gives the same however far it is padded, and the same as the steps in one row.
func TestBatchNormOfSequences(t *testing.T) {
	lengths := []int32{3, 1, 5}
	x := slices.Concat(sequence(0)[:6], sequence(1)[:2], sequence(2)[:10])
	for _, layer := range []string{"{type: batch_norm, momentum: 0.3}", "{type: batch_norm, scale: false, epsilon: 0.1}"} {
		want := measured(t, layer, 1, 9, nil, x)
		for _, steps := range []int{5, 8} {
			for i, got := range measured(t, layer, 3, steps, lengths, x) {
				near(t, layer, got, want[i])
			}
		}
	}
}

// TestBatchNormOfOneStep: where a single step counts, or none, a batch norm takes the running statistics and leaves them as
// they are, however far the batch is padded.
func TestBatchNormOfOneStep(t *testing.T) {
	const layer = "batch_norm"
	x := []float64{3, -7}
	want := measured(t, layer, 1, 1, nil, x)
	for _, lengths := range [][]int32{{1}, {0, 1}, {1, 0, 0}} {
		got := measured(t, layer, len(lengths), 4, lengths, x)
		for i := range want { // without padding nothing is assigned
			near(t, layer, got[i], want[i])
		}
		near(t, layer, got[len(got)-2], []float64{0, 0})
		near(t, layer, got[len(got)-1], []float64{1, 1})
	}
	none := measured(t, layer, 2, 4, []int32{0, 0}, nil)
	near(t, layer, none[len(none)-2], []float64{0, 0})
	near(t, layer, none[len(none)-1], []float64{1, 1})
}

// TestStepsTogether: statistics over steps that do not all count are refused where they cannot be taken.
func TestStepsTogether(t *testing.T) {
	for layer, c := range map[string]struct {
		row  graph.Shape
		want string
	}{
		"{type: layer_norm, axes: 2}":   {graph.Shape{5, 3}, "layers[0].axes: the steps of sequences of different lengths cannot be normalized together; take less than 2 axes, or a group_norm with groups: 1"},
		"{type: layer_norm, axes: 1}":   {graph.Shape{5, 3}, ""},
		"batch_norm":                    {graph.Shape{5}, "layers[0]: takes several numbers for each step of a sequence, its input of shape [5] has one; put a reshape layer before it"},
		"{type: group_norm, groups: 1}": {graph.Shape{5}, "layers[0]: takes several numbers for each step of a sequence, its input of shape [5] has one; put a reshape layer before it"},
	} {
		var p spec.Problems
		list, doc := parse(t, "layers: ["+layer+"]", &p)
		b := graph.NewBuilder()
		in := Signal{Value: b.Input("x", graph.Floats(append([]int{4}, c.row...)...)), Lengths: b.Input("lengths", graph.Ints(4))}
		sc := scope{net: &net{b: b, problems: &p, training: true}, path: "layers", passed: inherited{rate: 1}, first: func() []Signal { return []Signal{in} }}
		sc.build(list)
		got := ""
		if err := p.Err(doc); err != nil {
			got = err.Error()
		}
		if !strings.HasSuffix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: says %q, want %q", layer, got, c.want)
		}
	}
}

// TestSpatialDropout drops whole channels, about as many as it should, others in the next step, and none in evaluation.
func TestSpatialDropout(t *testing.T) {
	const rows, height, width, channels = 8, 3, 5, 16
	n := buildRows(t, "layers: [{type: spatial_dropout, rate: 0.25}]", rows, true, Spec{Inputs: []Input{floats("x", height, width, channels)}})
	n.b.SetOutput("y", n.out.Value)
	g, err := n.b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	pool := parallel.New(1)
	defer pool.Close()
	p, err := exec.Compile(g, exec.NewState(), pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	x := p.Feed("input.x").F
	for i := range x {
		x[i] = float32(1 + i)
	}
	var drawn [2][]bool
	for step := range drawn {
		p.Feed("step").I[0] = int32(step)
		p.Run()
		dropped := 0
		for row := range rows {
			for ch := range channels {
				at := row*height*width*channels + ch
				zero := p.Output("y").F[at] == 0
				for k := range height * width {
					i := at + k*channels
					want := x[i] / 0.75
					if zero {
						want = 0
					}
					if got := p.Output("y").F[i]; math.Abs(float64(got-want)) > 1e-6*float64(want) {
						t.Fatalf("element %d is %v, want %v", i, got, want)
					}
				}
				if drawn[step] = append(drawn[step], zero); zero {
					dropped++
				}
			}
		}
		if dropped < 18 || dropped > 46 { // 32 ± 2.9 deviations
			t.Errorf("%d of %d channels are dropped", dropped, rows*channels)
		}
	}
	if slices.Equal(drawn[0], drawn[1]) {
		t.Error("two steps drop the same")
	}
}

func TestNormsSayWhatDoesNotFit(t *testing.T) {
	flat, image := []Input{floats("x", 6)}, []Input{floats("x", 4, 4, 6)}
	for layer, c := range map[string]struct {
		in   []Input
		want string
	}{
		"{type: group_norm, groups: 4}":       {image, "layers[0].groups: 6 channels cannot be cut into 4 groups of one size"},
		"group_norm":                          {image, "layers[0].groups: 6 channels cannot be cut into 32 groups of one size"},
		"instance_norm":                       {flat, "layers[0]: takes sequences [steps, channels] or images [height, width, channels], a row of its input has shape [6]"},
		"{type: spatial_dropout, rate: 0.5}":  {flat, "a row of its input has shape [6]"},
		"squeeze_excite":                      {flat, "a row of its input has shape [6]"},
		"{type: rms_norm, epsilon: 0}":        {flat, "layers[0].epsilon"},
		"{type: spatial_dropout, rate: 1}":    {image, "layers[0].rate"},
		"{type: squeeze_excite, ratio: 0}":    {image, "layers[0].ratio"},
		"{type: group_norm, inputs: [words]}": {[]Input{indices("words", 5, 4)}, "its input holds category indices"},
	} {
		n := build(t, "layers: ["+layer+"]", true, Spec{Inputs: c.in})
		if len(n.lines()) != 1 || !strings.Contains(n.lines()[0], c.want) {
			t.Errorf("%s: says %q, want %q", layer, n.lines(), c.want)
		}
	}
}
