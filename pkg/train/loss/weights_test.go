package loss

import (
	"math"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/task"
)

// rowsOf evaluates a loss on scores: that of each row, and the rows' weights (nil for none). end is the activation that the
// net ends in.
func rowsOf(t *testing.T, l Loss, target task.Head, end string, scores, truth []float64) (loss, weight []float64) {
	t.Helper()
	b := graph.NewBuilder()
	n := len(scores) / target.Width
	kind, given := graph.Floats(n, target.Width), graph.Ref{F: truth}
	if target.Kind == task.Category {
		kind, given = graph.Ints(n), graph.Ref{I: convert[int32](truth)}
	}
	rows, w := l.(RowLoss).Rows(b, target, output(b, end, n, target.Width), b.Input("truth", kind))
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	values := exec.Evaluate(g, map[string]graph.Ref{"x": {F: scores}, "truth": given})
	return values[rows].F, values[w].F
}

var (
	scores = []float64{1, -2, 0.5, 0, 3, -1, 2, 2, -4}
	yesNo  = []float64{1, 0, 1, 0, 0, 1, 1, 1, 0}
	classy = []float64{0, 2, 1}
)

func TestClassWeights(t *testing.T) {
	plain, none := rowsOf(t, parse(t, "cross_entropy"), species, "", scores, classy)
	if none != nil {
		t.Error("rows are weighted without class weights")
	}
	rows, w := rowsOf(t, parse(t, "{type: cross_entropy, class_weights: balanced}"), species, "", scores, classy)
	compare(t, "rows", rows, plain, 1e-15)
	compare(t, "balanced", w, []float64{100.0 / 3 / 60, 100.0 / 3 / 10, 100.0 / 3 / 30}, 1e-7)
	_, w = rowsOf(t, parse(t, "{type: cross_entropy, class_weights: {Gentoo: 4, Adelie: 0}}"), species, "", scores, classy)
	compare(t, "given", w, []float64{0, 4, 1}, 0)
	rows, w = rowsOf(t, parse(t, "{type: cross_entropy, label_smoothing: 0.3, class_weights: {Gentoo: 4, Adelie: 0}}"), species, "", scores, classy)
	compare(t, "weights", w, []float64{0, 4, 1}, 0)
	lse := math.Log(1 + math.Exp(3) + math.Exp(-1)) // the second row wants y = 0.1, 0.1, 0.8 weighed 0, 1, 4
	compare(t, "smoothed rows", rows[:2], []float64{0, (0.1*(lse-3) + 4*0.8*(lse+1)) / 4}, 1e-7)
	gone := species
	gone.Training.Counts = []float64{50, 50, 0}
	_, w = rowsOf(t, parse(t, "{type: cross_entropy, class_weights: balanced}"), gone, "", scores, classy)
	compare(t, "a class without rows", w, []float64{1, 1, 1}, 1e-7)
}

func TestClassWeightsOfLabels(t *testing.T) {
	plain, _ := rowsOf(t, parse(t, "binary_cross_entropy"), income, "", scores, yesNo)
	rows, w := rowsOf(t, parse(t, "{type: binary_cross_entropy, class_weights: balanced}"), income, "", scores, yesNo)
	compare(t, "one label", rows, plain, 1e-15)
	a, z := 2.0, 2.0/3 // 100/(2·25), 100/(2·75)
	compare(t, "weights", w, []float64{a, z, a, z, z, a, a, a, z}, 1e-7)
	rows, w = rowsOf(t, parse(t, "{type: binary_cross_entropy, class_weights: {round: 2, sweet: 3}}"), labels, "", scores, yesNo)
	for i := range rows {
		want := (plain[3*i] + 2*plain[3*i+1] + 3*plain[3*i+2]) / 6
		compare(t, "several labels", rows[i:i+1], []float64{want}, 1e-7)
	}
	if w != nil {
		t.Error("weights of labels weigh rows")
	}
}

func TestPositiveWeight(t *testing.T) {
	balanced, _ := rowsOf(t, parse(t, "{type: binary_cross_entropy, positive_weight: balanced}"), income, "", scores, yesNo)
	given, _ := rowsOf(t, parse(t, "{type: binary_cross_entropy, positive_weight: 3}"), income, "", scores, yesNo)
	compare(t, "one label", balanced, given, 0)
	balanced, _ = rowsOf(t, parse(t, "{type: binary_cross_entropy, positive_weight: balanced}"), labels, "", scores, yesNo)
	given, _ = rowsOf(t, parse(t, "{type: binary_cross_entropy, positive_weight: [1, 4, 1]}"), labels, "", scores, yesNo)
	compare(t, "several labels", balanced, given, 0)
	if labels.Training.Counts[1] != 20 {
		t.Error("the counts were written over")
	}
}

func TestLabelSmoothingOfLabels(t *testing.T) {
	rows, _ := rowsOf(t, parse(t, "{type: binary_cross_entropy, label_smoothing: 0.2}"), income, "", []float64{2, 2}, []float64{1, 0})
	yes, no := 0.126928011042973, 2.126928011042973 // ln(1+e^-2), ln(1+e^2)
	compare(t, "rows", rows, []float64{0.9*yes + 0.1*no, 0.1*yes + 0.9*no}, 1e-14)
}

// TestFromLogits: a net that ends in the activation has the same loss as one that does not.
func TestFromLogits(t *testing.T) {
	for _, c := range []struct {
		key, end string
		target   task.Head
		truth    []float64
	}{
		{"cross_entropy", "softmax", species, classy},
		{"focal", "softmax", species, classy},
		{"focal", "sigmoid", labels, yesNo},
		{"binary_cross_entropy", "sigmoid", labels, yesNo},
		{"kl_divergence", "softmax", shares, []float64{0.2, 0.8, 0, 1, 0, 0, 0.25, 0.5, 0.25}},
	} {
		l := parse(t, "{type: "+c.key+", from_logits: false}")
		want, _ := rowsOf(t, parse(t, c.key), c.target, "", scores, c.truth)
		got, _ := rowsOf(t, l, c.target, c.end, scores, c.truth)
		compare(t, c.key, got, want, 0)
		b := graph.NewBuilder()
		out := op.Reshape(b, output(b, c.end, 3, 1, 3), 3, 3)
		if l.Predict(b, c.target, out) != out {
			t.Errorf("%s applies the %s again", c.key, c.end)
		}
		if p := problems(l, c.target, out); p != nil {
			t.Errorf("%s: %v", c.key, p)
		}
	}
}

// TestSequences: the loss of a row is the mean over its steps, and class weights weigh steps.
func TestSequences(t *testing.T) {
	for _, text := range []string{"cross_entropy", "{type: cross_entropy, label_smoothing: 0.1, class_weights: {Adelie: 2, Gentoo: 3}}"} {
		flat, w := rowsOf(t, parse(t, text), species, "", scores, classy)
		if w == nil {
			w = ones(3)
		}
		b := graph.NewBuilder()
		rows, total := parse(t, text).(RowLoss).Rows(b, species, output(b, "", 1, 3, 3), b.Input("truth", graph.Ints(1, 3)))
		g, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		values := exec.Evaluate(g, map[string]graph.Ref{"x": {F: scores}, "truth": {I: convert[int32](classy)}})
		sum := w[0]*flat[0] + w[1]*flat[1] + w[2]*flat[2]
		compare(t, "loss", values[rows].F, []float64{sum / (w[0] + w[1] + w[2])}, 1e-7)
		if total != nil {
			compare(t, "weight", values[total].F, []float64{w[0] + w[1] + w[2]}, 1e-15)
		}
	}
}
