package loss

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
)

// align makes the graph that the trainer makes of labels to align, with x as the net's output. Rows without steps have all.
func align(t *testing.T, l Aligning, x, labels tensor, steps, counts []float64) *step {
	t.Helper()
	b := graph.NewBuilder()
	rows := graph.Shape{x.Shape[0]}
	s := &step{feeds: map[string]tensor{"x": x, "labels": labels, "counts": {rows, counts}}}
	in := b.Input("x", graph.Floats(x.Shape...))
	var valid *graph.Value
	if steps != nil {
		valid = b.Input("steps", graph.Ints(rows...))
		s.feeds["steps"] = tensor{rows, steps}
	}
	each := l.Aligned(b, in, valid, b.Input("labels", graph.Ints(labels.Shape...)), b.Input("counts", graph.Ints(rows...)))
	if !each.Shape.Equal(rows) {
		t.Fatalf("a loss of shape %v for %d rows", each.Shape, rows[0])
	}
	s.loss = op.Mean(b, each, []int{0}, false)
	s.slope = grad.Build(b, s.loss, nil, []*graph.Value{in})[0]
	b.SetOutput("loss", s.loss)
	b.SetOutput("slope", s.slope)
	var err error
	if s.graph, err = b.Finish(); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCTCReference holds the mean over rows and its gradient against PyTorch's, from the losses of its rows.
func TestCTCReference(t *testing.T) {
	text, err := os.ReadFile("../../../testdata/reference/sequences.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		CTC []struct {
			Name                       string
			Zero                       bool `json:"zero_infinity"`
			X, Labels, Lengths, Counts tensor
			Float64                    struct{ Loss []*float64 }
		}
	}
	if err := json.Unmarshal(text, &file); err != nil || len(file.CTC) == 0 {
		t.Fatal("no cases", err)
	}
	for _, c := range file.CTC {
		if slices.Contains(c.Float64.Loss, nil) { // infinite
			continue
		}
		want := 0.0
		for i, l := range c.Float64.Loss {
			want += *l / max(1, c.Counts.Data[i]) / float64(len(c.Float64.Loss))
		}
		s := align(t, &CTC{ZeroInfinity: c.Zero, Logits: Logits{FromLogits: true}}, c.X, c.Labels, c.Lengths.Data, c.Counts.Data)
		s.evaluate()
		compare(t, c.Name, s.value, []float64{want}, 1e-12)
		gradient := s.gradient
		s.run(t)
		compare(t, c.Name+" in float32", s.value, []float64{want}, 1e-6)
		compare(t, c.Name+" in float32, gradient", s.gradient, gradient, 3e-5)
	}
}

// TestCTCFits: it is for texts whose labels are aligned, and expects the steps and a class for the blank.
func TestCTCFits(t *testing.T) {
	ends := output(graph.NewBuilder(), "softmax", 4, 7, 3)
	for _, c := range []struct {
		settings string
		got      []string
		want     []string
	}{
		{"all is well", problems(parse(t, "ctc"), letters, output(graph.NewBuilder(), "", 4, 7, 3)), nil},
		{"no text", problems(parse(t, "ctc"), species, output(graph.NewBuilder(), "", 4, 3)),
			[]string{"loss: ctc needs a text as target, type: text, whose tokens are its labels (tokenizer: whitespace for labels with spaces between them); the target species has 3 classes"}},
		{"no steps", problems(parse(t, "ctc"), letters, output(graph.NewBuilder(), "", 4, 3)),
			[]string{"loss: ctc needs a prediction for each step, the target word has 3 classes; the net gives one for the whole row, [3] (keep the steps to the end: sequences: true in the last recurrent layer, and no flatten or pooling over all of them)"}},
		{"no blank", problems(parse(t, "ctc"), letters, output(graph.NewBuilder(), "", 4, 7, 2)),
			[]string{"loss: ctc needs one output per class for each step: the net gives [7x2], the target word has 3 classes (use units: classes)"}},
		{"a softmax", problems(parse(t, "ctc"), letters, ends),
			[]string{"loss: ctc takes raw scores and applies the softmax itself, but the net ends in a softmax: drop the activation of the last layer (or set from_logits: false)"}},
		{"a softmax that is expected", problems(parse(t, "{type: ctc, from_logits: false}"), letters, ends), nil},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: got %q, want %q", c.settings, c.got, c.want)
		}
	}
}

// TestCTCTooShort: a row with too few steps has an infinite loss, or none.
func TestCTCTooShort(t *testing.T) {
	x := tensor{graph.Shape{1, 2, 3}, []float64{1, 0, 2, 0, 1, 0}}
	labels := tensor{graph.Shape{1, 2}, []float64{1, 1}} // there is no step for the blank between
	for _, zero := range []bool{false, true} {
		s := align(t, &CTC{ZeroInfinity: zero, Logits: Logits{FromLogits: true}}, x, labels, nil, []float64{2})
		s.run(t)
		if math.IsInf(s.value[0], 1) == zero || zero && s.value[0] != 0 {
			t.Errorf("zero_infinity %v gives %v", zero, s.value[0])
		}
	}
}
