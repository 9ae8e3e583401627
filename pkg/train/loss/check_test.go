package loss

import (
	"slices"
	"strings"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		loss   string
		target task.Head
		end    string
		shape  []int
		want   []string
	}{
		{"mse", price, "", []int{4, 1}, nil},
		{"mse", price, "sigmoid", []int{4, 1}, nil},
		{"mse", species, "", []int{4, 3}, []string{"loss: mse needs a number target; the target species has 3 classes (did you mean cross_entropy?)"}},
		{"mse", shares, "", []int{4, 5}, []string{"loss: mse needs one output per target: the net gives [5], the target has 3 numbers (use units: targets)"}},
		{"cross_entropy", species, "", []int{4, 5}, []string{"loss: cross_entropy needs one output per class: the net gives [5], the target species has 3 classes (use units: classes)"}},
		{"cross_entropy", species, "", []int{4, 7, 3}, []string{"loss: cross_entropy needs one output per class: the net gives [7x3], the target species has 3 classes (one row of outputs for the whole sequence comes from the last state of a recurrent layer, without sequences: true, or from a pooling layer before the last one; for a prediction of each step the target is of type: tags)"}},
		{"cross_entropy", species, "", []int{4, 7, 5}, []string{"loss: cross_entropy needs one output per class: the net gives [7x5], the target species has 3 classes (a flatten or pooling layer before the last one makes it one list of numbers)"}},
		{"cross_entropy", eachStep, "", []int{4, 7, 3}, nil},
		{"cross_entropy", eachStep, "", []int{4, 3}, []string{"loss: cross_entropy needs a prediction for each step, the target species has 3 classes; the net gives one for the whole row, [3] (keep the steps to the end: sequences: true in the last recurrent layer, and no flatten or pooling over all of them)"}},
		{"cross_entropy", eachStep, "", []int{4, 7, 5}, []string{"loss: cross_entropy needs one output per class for each step: the net gives [7x5], the target species has 3 classes (use units: classes)"}},
		{"cross_entropy", eachStep, "", []int{4, 7, 2, 3}, []string{"loss: cross_entropy needs one output per class for each step, the target species has 3 classes; the net gives [7x2x3] (a dense layer works on the last axis alone)"}},
		{"{type: cross_entropy, from_logits: false}", eachStep, "softmax", []int{4, 7, 3}, nil},
		{"cross_entropy", species, "softmax", []int{4, 3}, []string{"loss: cross_entropy takes raw scores and applies the softmax itself, but the net ends in a softmax: drop the activation of the last layer (or set from_logits: false)"}},
		{"{type: cross_entropy, from_logits: false}", species, "softmax", []int{4, 3}, nil},
		{"{type: cross_entropy, from_logits: false}", species, "", []int{4, 3}, []string{"loss.from_logits: the net does not end in a softmax: leave from_logits out, and cross_entropy applies the softmax itself"}},
		{"cross_entropy", income, "", []int{4, 2}, []string{"loss: cross_entropy needs a category target; the target income is yes or no (did you mean binary_cross_entropy?)"}},
		{"{type: cross_entropy, class_weights: {Adelie: 2, Gento: 1}}", species, "", []int{4, 3}, []string{"loss.class_weights.Gento: the target has no such class (did you mean Gentoo?)"}},
		{"{type: cross_entropy, class_weights: {Adelie: 0, Gentoo: 0, Chinstrap: 0}}", species, "", []int{4, 3}, []string{"loss.class_weights: no class is left with a weight above 0"}},
		{"{type: cross_entropy, class_weights: balanced}", species, "", []int{4, 3}, nil},
		{"binary_cross_entropy", income, "", []int{4, 1}, nil},
		{"binary_cross_entropy", income, "", []int{4, 2}, []string{"loss: binary_cross_entropy needs one output per label: the net gives [2], the target income is yes or no (use units: targets)"}},
		{"binary_cross_entropy", labels, "sigmoid", []int{4, 3}, []string{"loss: binary_cross_entropy takes raw scores and applies the sigmoid itself, but the net ends in a sigmoid: drop the activation of the last layer (or set from_logits: false)"}},
		{"binary_cross_entropy", income, "softmax", []int{4, 1}, []string{"loss: binary_cross_entropy takes raw scores and applies the sigmoid itself, but the net ends in a softmax: drop the activation of the last layer"}},
		{"{type: binary_cross_entropy, class_weights: {'>50K': 3}}", income, "", []int{4, 1}, nil},
		{"{type: binary_cross_entropy, class_weights: balanced}", labels, "", []int{4, 3}, []string{"loss.class_weights: balanced is for one label; for several use positive_weight: balanced"}},
		{"{type: binary_cross_entropy, positive_weight: [1, 2]}", labels, "", []int{4, 3}, []string{"loss.positive_weight: has 2 entries, but the target has 3 labels: want one for each label, or one number for all"}},
		{"{type: binary_cross_entropy, positive_weight: balanced}", labels, "", []int{4, 3}, nil},
		{"focal", price, "", []int{4, 1}, []string{"loss: focal needs a category target or a binary target; the target price is a number (did you mean mse?)"}},
		{"focal", income, "sigmoid", []int{4, 1}, []string{"loss: focal takes raw scores and applies the sigmoid itself, but the net ends in a sigmoid: drop the activation of the last layer (or set from_logits: false)"}},
		{"hinge", income, "sigmoid", []int{4, 1}, []string{"loss: hinge takes raw scores, but the net ends in a sigmoid: drop the activation of the last layer"}},
		{"hinge", species, "", []int{4, 3}, nil},
		{"kl_divergence", price, "", []int{4, 1}, []string{"loss: kl_divergence needs at least two shares to compare; the target price is a number (did you mean mse?)"}},
		{"kl_divergence", shares, "", []int{4, 3}, nil},
		{"mse", task.Head{Classes: species.Classes}, "", []int{4, 3}, nil}, // nothing is known
		{"mse", task.Head{Kind: task.Category}, "", []int{4, 3}, []string{"loss: mse needs a number target; the target is one of several classes (did you mean cross_entropy?)"}},
		{"{type: cross_entropy, class_weights: {Adelie: 2}}", task.Head{Kind: task.Category}, "", []int{4, 3}, nil},
		{"{type: cross_entropy, class_weights: {Gento: 1}}", species, "", []int{4, 5}, []string{
			"loss: cross_entropy needs one output per class: the net gives [5], the target species has 3 classes (use units: classes)",
			"loss.class_weights.Gento: the target has no such class (did you mean Gentoo?)",
		}},
		{"mse", task.Head{Kind: "tokens"}, "", []int{4, 3}, []string{"loss: mse needs a number target; the target is of kind tokens"}},
	} {
		got := problems(parse(t, c.loss), c.target, output(graph.NewBuilder(), c.end, c.shape...))
		if !slices.Equal(got, c.want) {
			t.Errorf("%s, %s, %v:\n got %q\nwant %q", c.loss, what(c.target), c.shape, got, c.want)
		}
	}
}

func TestSettings(t *testing.T) {
	for text, want := range map[string]string{
		"{type: cross_entropy, class_weights: balance}":            "loss.class_weights: want balanced or a mapping of classes to weights, got the text \"balance\" (did you mean balanced?)",
		"{type: cross_entropy, class_weights: {a: -1}}":            "loss.class_weights.a: -1 is out of range: want 0 or more",
		"{type: cross_entropy, class_weights: [1, 2]}":             "loss.class_weights: want a mapping of names to numbers, got a list",
		"{type: binary_cross_entropy, positive_weight: -3}":        "loss.positive_weight: -3 is out of range: want 0 or more",
		"{type: binary_cross_entropy, positive_weight: balanced!}": "loss.positive_weight: want balanced, a number or a list of numbers, got the text \"balanced!\" (did you mean balanced?)",
		"{type: huber, delta: 0}":                                  "loss.delta: 0 is out of range",
		"{type: focal, alpha: 2}":                                  "loss.alpha: 2 is out of range",
		"{type: cross_entropy, label_smoothing: 1}":                "loss.label_smoothing: 1 is out of range",
		"crossentropy":                                            "loss: unknown loss \"crossentropy\" (did you mean cross_entropy?)",
		"{type: hinge, multi_class: best}":                        "loss.multi_class: \"best\" is not one of multi_margin, crammer_singer",
		"{type: focal, gamma: 1.5, alpha: 0.25}":                  "",
		"{type: cross_entropy, class_weights: {a: 2, b: 0.5}}":    "",
		"{type: binary_cross_entropy, positive_weight: [1, 2]}":   "",
		"{type: binary_cross_entropy, positive_weight: 2}":        "",
		"{type: cross_entropy, class_weights: balanced}":          "",
		"{type: binary_cross_entropy, positive_weight: balanced}": "",
	} {
		d, err := spec.Parse("s", []byte("loss: "+text), nil)
		if err != nil {
			t.Fatal(err)
		}
		var into struct{ Loss Loss }
		var p spec.Problems
		d.Decode(&into, &p)
		got := ""
		if err := p.Err(d); err != nil {
			_, got, _ = strings.Cut(err.Error(), ": ")
		}
		if !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
		if want == "" {
			again := string(spec.Encode(into))
			d, err := spec.Parse("s", []byte(again), nil)
			if err != nil {
				t.Fatal(err)
			}
			var back struct{ Loss Loss }
			d.Decode(&back, &p)
			if p.Len() > 0 || string(spec.Encode(back)) != again {
				t.Errorf("%s is written as\n%s", text, again)
			}
		}
	}
}

// TestCheckOfUnknownEnds: of an output that is fed the end is not known, and without axes nothing is.
func TestCheckOfUnknownEnds(t *testing.T) {
	ends := parse(t, "{type: cross_entropy, from_logits: false}")
	b := graph.NewBuilder()
	for _, c := range []struct {
		out  *graph.Value
		want int
	}{
		{b.Input("none", graph.Floats()), 0},
		{b.Input("3", graph.Floats(4, 3)), 0},
		{b.Input("5", graph.Floats(4, 5)), 1},
		{op.Reshape(b, output(b, "softmax", 4, 3), -1, 3), 0},
	} {
		if got := problems(ends, species, c.out); len(got) != c.want {
			t.Errorf("%v: got %q, want %d", c.out.Type, got, c.want)
		}
	}
}
