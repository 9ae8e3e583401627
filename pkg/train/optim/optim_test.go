package optim

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"dnn/internal/registry/registrytest"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/train/schedule"
)

func TestOneKindOneFileOneKey(t *testing.T) {
	registrytest.Check(t, Registry, func(o Optimizer) int { return len(o.Cases()) })
}

// TestCases: each case resolves to the settings that it names, reads back, and moves weights as it says.
func TestCases(t *testing.T) {
	problem := references{Parts: []int{3}, Initial: []float64{1, -2, 0.5}, Gradients: map[string][][]float64{
		"three": {{0.3, -1, 0.02}, {-0.1, -2, 0.01}, {0.2, 0.5, 0.03}},
	}}
	for _, k := range Registry.Kinds() {
		for _, c := range k.Value.Cases() {
			o := parse(t, c.Spec)
			text := string(spec.Encode(struct{ Optimizer Optimizer }{o}))
			if spec.KeyOf(o) != k.Key || !reflect.DeepEqual(o, parse(t, c.Resolved)) {
				t.Errorf("%s resolves to\n%s", c.Spec, text)
			}
			if again := parse(t, strings.TrimPrefix(text, "optimizer:")); !reflect.DeepEqual(o, again) {
				t.Errorf("%s does not read back:\n%s", c.Spec, text)
			}
			u := newUpdater(t, o, problem, nil, 0)
			steps := []string{"three"}
			want := [][]float64{c.Weights}
			compare(t, c.Spec, u.evaluate(problem, steps).Parameters[2:], want, 1e-8)
			compare(t, c.Spec+" in float32", u.run(t, problem, steps).Parameters[2:], want, 1e-6)
		}
		if bare := k.Value.Cases()[0].Spec; bare != k.Key {
			t.Errorf("the first case of %s is %s: it must show the defaults", k.Key, bare)
		}
	}
}

// TestSampleForms reads the spellings of the sample specs.
func TestSampleForms(t *testing.T) {
	o := parse(t, "{learning_rate: {type: one_cycle, max: 0.2}, type: sgd, momentum: 0.9, weight_decay: 0.0005, nesterov: true}").(*SGD)
	if o.Momentum != 0.9 || !o.Nesterov || o.WeightDecay != 0.0005 || spec.KeyOf(o.Learning()) != "one_cycle" {
		t.Errorf("got %+v", o)
	}
	a := parse(t, "{type: adamw, learning_rate: {type: cosine, initial: 0.001, final: 0.0001, warmup: 100}, betas: [0.9, 0.99], weight_decay: 0.1}").(*AdamW)
	if !slices.Equal(a.Betas.Betas, []float64{0.9, 0.99}) || a.Learning().Rate(schedule.Position{Step: 100, TotalSteps: 2000}) != 0.001 {
		t.Errorf("got %+v", a)
	}
	m := parse(t, "{type: adam, learning_rate: {type: inverse_sqrt, initial: 0.0007, warmup: 1000}, betas: [0.9, 0.98]}").(*Adam)
	if !slices.Equal(m.Betas.Betas, []float64{0.9, 0.98}) || m.Learning().Rate(schedule.Position{Step: 4000, TotalSteps: 9000}) != 0.00035 {
		t.Errorf("got %+v", m)
	}
	parse(t, "adam")
	parse(t, "{type: sgd, learning_rate: 0.05, momentum: 0.9, nesterov: true}")
}

func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"{type: sgd, nesterov: true}":                                "optimizer.nesterov: needs a momentum above 0 (such as 0.9) and no dampening",
		"{type: sgd, nesterov: true, momentum: 0.9, dampening: 0.1}": "optimizer.nesterov: needs a momentum",
		"{type: sgd, momentum: 1}":                                   "optimizer.momentum: 1 is out of range",
		"{type: adam, betas: [0.9]}":                                 "optimizer.betas: has 1 entr",
		"{type: adam, betas: [0.9, 1]}":                              "optimizer.betas[1]: 1 is out of range",
		"{type: adam, lr: 0.1}":                                      "optimizer.lr: unknown key",
		"{type: adam, learning_rate: -1}":                            "optimizer.learning_rate: -1 is out of range",
		"{type: adam, learning_rate: fast}":                          "optimizer.learning_rate: unknown schedule \"fast\"",
		"adamv":                                                      "optimizer: unknown optimizer \"adamv\" (did you mean adam",
		"{type: rmsprop, epsilon: 0}":                                "optimizer.epsilon: 0 is out of range",
	} {
		_, err := tryParse(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// layered is a flat array of two layers, the second with a rate of its own.
func layered() *graph.Builder {
	b := graph.NewBuilder()
	add := func(layer, role string, n int, rate float64) {
		b.Param(graph.Param{Name: layer + "." + role, Layer: layer, Role: role, Shape: graph.Shape{n}, Rate: rate}, true)
	}
	add("dense_1", "weight", 20, 1)
	add("dense_1", "bias", 5, 1)
	add("block.dense_1", "weight", 16, 0.1)
	add("block.dense_1", "bias", 3, 0.1)
	add("dense_2", "weight", 1, 1)
	return b
}

func TestSegments(t *testing.T) {
	for _, c := range []struct {
		decay   float64
		exclude []string
		want    []op.Segment
	}{
		{0, nil, []op.Segment{{Lo: 0, Hi: 48, Rate: 1}, {Lo: 48, Hi: 80, Rate: 0.1}, {Lo: 80, Hi: 96, Rate: 1}}},
		{0.5, []string{"bias"}, []op.Segment{{Lo: 0, Hi: 32, Rate: 1, Decay: 0.5}, {Lo: 32, Hi: 48, Rate: 1}, {Lo: 48, Hi: 64, Rate: 0.1, Decay: 0.5}, {Lo: 64, Hi: 80, Rate: 0.1}, {Lo: 80, Hi: 96, Rate: 1, Decay: 0.5}}},
		{0.5, []string{"block", "dense_2"}, []op.Segment{{Lo: 0, Hi: 48, Rate: 1, Decay: 0.5}, {Lo: 48, Hi: 80, Rate: 0.1}, {Lo: 80, Hi: 96, Rate: 1}}},
		{0.5, []string{"dense_1"}, []op.Segment{{Lo: 0, Hi: 48, Rate: 1}, {Lo: 48, Hi: 80, Rate: 0.1, Decay: 0.5}, {Lo: 80, Hi: 96, Rate: 1, Decay: 0.5}}},
		{0.5, []string{"block.dense_1.weight"}, []op.Segment{{Lo: 0, Hi: 48, Rate: 1, Decay: 0.5}, {Lo: 48, Hi: 64, Rate: 0.1}, {Lo: 64, Hi: 80, Rate: 0.1, Decay: 0.5}, {Lo: 80, Hi: 96, Rate: 1, Decay: 0.5}}},
	} {
		b := layered()
		u := &Update{B: b, Weights: b.Weights()}
		if got := u.Segments(c.decay, c.exclude); !slices.Equal(got, c.want) {
			t.Errorf("%v without %v: got %v, want %v", c.decay, c.exclude, got, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	var p spec.Problems
	w := layered().Weights()
	Check(parse(t, "{type: adamw, decay_exclude: [bias, block, dense_2.weight]}"), w, &p)
	Check(parse(t, "{type: sgd, decay_exclude: bias}"), w, &p)
	Check(spec.New[Optimizer]("lion"), nil, &p)
	if p.Len() > 0 {
		t.Errorf("notes %d mistakes where there are none", p.Len())
	}
	Check(parse(t, "{type: adamw, decay_exclude: [weight, biases]}"), w, &p)
	d, _ := spec.Parse("s", nil, nil)
	want := "s:1:1: optimizer.decay_exclude[1]: no parameter, role or layer is called \"biases\" (did you mean bias?)"
	if err := p.Err(d); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestExclusion: what is excluded moves as without decay, the rest as with it, whatever the kind.
func TestExclusion(t *testing.T) {
	file := load(t)
	for _, key := range Registry.Keys() {
		text := "{type: " + key + ", learning_rate: 0.01, weight_decay: 0.5, decay_exclude: [b]}"
		plain := newUpdater(t, parse(t, "{type: "+key+", learning_rate: 0.01, weight_decay: 0}"), file, nil, 0).run(t, file, []string{"wide"})
		full := newUpdater(t, parse(t, "{type: "+key+", learning_rate: 0.01, weight_decay: 0.5}"), file, nil, 0).run(t, file, []string{"wide"})
		part := newUpdater(t, parse(t, text), file, nil, 0).run(t, file, []string{"wide"})
		n := file.Parts[0]
		for step := range part.Parameters {
			if !slices.Equal(part.Parameters[step][:n], full.Parameters[step][:n]) || !slices.Equal(part.Parameters[step][n:], plain.Parameters[step][n:]) {
				t.Fatalf("%s, step %d: the decay does not act on a alone", key, step)
			}
		}
		if slices.Equal(plain.Parameters[9], full.Parameters[9]) {
			t.Errorf("%s does not decay", key)
		}
	}
}
