package loss

import (
	"math"
	"strings"
	"testing"

	"dnn/internal/kernel/vec"
	"dnn/internal/registry/registrytest"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

var (
	price    = task.Head{Kind: task.Number, Columns: []string{"price"}, Width: 1}
	shares   = task.Head{Kind: task.Number, Columns: []string{"a", "b", "c"}, Width: 3}
	income   = task.Head{Kind: task.Binary, Columns: []string{"income"}, Width: 1, Classes: []string{"<=50K", ">50K"}, Training: task.Training{Counts: []float64{75, 25}, Rows: 100}}
	labels   = task.Head{Kind: task.Labels, Columns: []string{"red", "round", "sweet"}, Classes: []string{"red", "round", "sweet"}, Width: 3, Training: task.Training{Counts: []float64{50, 20, 0}, Rows: 100}}
	species  = task.Head{Kind: task.Category, Columns: []string{"species"}, Width: 3, Classes: []string{"Adelie", "Chinstrap", "Gentoo"}, Training: task.Training{Counts: []float64{60, 30, 10}, Rows: 100}}
	eachStep = task.Head{Kind: task.Category, Columns: []string{"species"}, Width: 3, Classes: species.Classes, Axis: &task.Axis{}}
	letters  = task.Head{Kind: task.Category, Columns: []string{"word"}, Width: 3, Classes: []string{"<blank>", "a", "b"}, Axis: &task.Axis{Of: "word", Aligned: true}}
	targets  = []task.Head{price, shares, income, labels, species}
)

func TestOneKindOneFileOneKey(t *testing.T) {
	registrytest.Check(t, Registry, func(l Loss) int { return len(l.Cases()) })
}

// TestCases holds every kind against its cases. It has one for each kind of target that it fits.
func TestCases(t *testing.T) {
	has := map[string]map[task.Kind]bool{}
	for _, k := range Registry.Kinds() {
		has[k.Key] = map[task.Kind]bool{}
		for _, c := range k.Value.Cases() {
			n := len(c.Out)
			head := task.Head{Kind: c.Kind, Width: n, Columns: names(n), Classes: names(max(n, 2))}
			label := tensor{graph.Shape{1, n}, c.Label}
			if c.Kind == task.Category {
				label.Shape = graph.Shape{1}
			}
			l := parse(t, c.Spec)
			if _, ok := l.(Leveled); ok { // several outputs for a target
				head.Width, head.Columns, label.Shape = len(c.Label), names(len(c.Label)), graph.Shape{1, len(c.Label)}
			}
			if aligning, ok := l.(Aligning); ok {
				s := align(t, aligning, tensor{graph.Shape{1, 1, n}, c.Out}, tensor{graph.Shape{1, len(c.Label)}, c.Label}, []float64{1}, []float64{1})
				s.evaluate()
				compare(t, c.Spec, s.value, []float64{c.Loss}, 5e-6)
				continue
			}
			s := build(t, l, head, tensor{graph.Shape{1, n}, c.Out}, label, c.Kind == task.Category, nil)
			s.evaluate()
			compare(t, c.Spec, s.value, []float64{c.Loss}, 5e-6)
			s.run(t)
			compare(t, c.Spec+" in float32", s.value, []float64{c.Loss}, 5e-6)
			has[k.Key][c.Kind] = spec.KeyOf(l) == k.Key
		}
	}
	fitting(t, func(key string, _ Loss, target task.Head) {
		if !has[key][target.Kind] {
			t.Errorf("%s fits a target of kind %s and has no case of it", key, target.Kind)
		}
	})
}

// output is the output of a net of the given width, ending in an activation ("" for none).
func output(b *graph.Builder, end string, shape ...int) *graph.Value {
	x := op.Scale(b, b.Input("x", graph.Floats(shape...)), 1)
	switch end {
	case "softmax":
		return op.Softmax(b, x)
	case "sigmoid":
		return op.Activate(b, x, vec.ActSigmoid, 0)
	}
	return x
}

// problems are what a loss has to say about target and net.
func problems(l Loss, t task.Head, out *graph.Value) []string {
	var p spec.Problems
	l.Check(t, out, &p)
	d, _ := spec.Parse("s", nil, nil)
	err := p.Err(d)
	if err == nil {
		return nil
	}
	lines := strings.Split(err.Error(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, "s:1:1: ")
	}
	return lines
}

// fitting calls f with each kind of loss and each target that it fits.
func fitting(t *testing.T, f func(key string, l Loss, target task.Head)) {
	for _, key := range Registry.Keys() {
		if _, ok := spec.New[Loss](key).(Aligning); ok { // its labels are not those of rows or steps
			continue
		}
		found := false
		for _, target := range targets {
			l := spec.New[Loss](key)
			if problems(l, target, output(graph.NewBuilder(), "", 4, target.Width)) == nil {
				found = true
				f(key, l, target)
			}
		}
		if !found {
			t.Errorf("%s fits no target", key)
		}
	}
}

func TestDefaultFits(t *testing.T) {
	for _, target := range append(targets, task.Head{}, letters) {
		defaults := 0
		for _, k := range Registry.Kinds() {
			if d, ok := k.Value.(Defaulter); ok && d.DefaultFor(target) {
				defaults++
			}
		}
		l := spec.New[Loss](Default(target))
		if defaults != 1 {
			t.Errorf("%s has %d defaults", what(target), defaults)
		}
		if target.Kind == "" {
			continue
		}
		shape := []int{4, target.Width}
		if target.Aligned() {
			shape = []int{4, 7, target.Width}
		}
		if p := problems(l, target, output(graph.NewBuilder(), "", shape...)); p != nil {
			t.Errorf("%s for %s: %v", Default(target), what(target), p)
		}
	}
}

// TestAnyScore: losses and gradients are finite for scores of any size, right or wrong, in both precisions.
func TestAnyScore(t *testing.T) {
	extremes := []float64{0, 1, -1, 20, -20, 90, -90, 1000, -1000}
	fitting(t, func(key string, l Loss, target task.Head) {
		x, label := tensor{}, tensor{}
		for _, a := range extremes {
			for _, c := range extremes {
				for right := range 3 {
					for k := range target.Width {
						x.Data = append(x.Data, []float64{a, c, 0}[k])
						if target.Kind != task.Category {
							hot := 0.0
							if k == right || logical(target) && right == 2 {
								hot = 1
							}
							label.Data = append(label.Data, hot)
						}
					}
					if target.Kind == task.Category {
						label.Data = append(label.Data, float64(right))
					}
				}
			}
		}
		x.Shape = graph.Shape{len(x.Data) / target.Width, target.Width}
		label.Shape = x.Shape
		if target.Kind == task.Category {
			label.Shape = x.Shape[:1]
		}
		s := build(t, l, target, x, label, target.Kind == task.Category, nil)
		finite := func(how string) {
			for _, v := range append(s.gradient, s.value...) {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Errorf("%s of %s is not finite %s", key, what(target), how)
					return
				}
			}
		}
		s.evaluate()
		finite("in float64")
		value, gradient := s.value, s.gradient
		s.run(t)
		finite("in float32")
		compare(t, key+" value", s.value, value, 1e-6)
		compare(t, key+" gradient", s.gradient, gradient, 3e-5)
	})
}

// TestPredict: probabilities lie in [0,1] and order as the scores do, those of classes add up to one, and numbers stay as they are.
func TestPredict(t *testing.T) {
	fitting(t, func(key string, l Loss, target task.Head) {
		b := graph.NewBuilder()
		x := output(b, "", 2, target.Width)
		y := l.Predict(b, target, x)
		b.SetOutput("y", y)
		g, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		in := []float64{2, -1, 0.5, -3, 0, 1}[:2*target.Width]
		out := exec.Evaluate(g, map[string]graph.Ref{"x": {F: in}})[y].F
		if target.Kind == task.Number && key != "kl_divergence" {
			compare(t, key, out, in, 0)
			return
		}
		for i, p := range out {
			if !(p >= 0 && p <= 1) || logical(target) && (p >= 0.5) != (in[i] >= 0) {
				t.Errorf("%s predicts %v for the score %v", key, p, in[i])
			}
		}
		if !logical(target) {
			for row := range 2 {
				sum := 0.0
				for _, p := range out[3*row : 3*row+3] {
					sum += p
				}
				if math.Abs(sum-1) > 1e-12 {
					t.Errorf("the probabilities of %s add up to %v", key, sum)
				}
			}
		}
	})
}
