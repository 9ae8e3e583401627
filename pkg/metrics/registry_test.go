package metrics

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"dnn/internal/registry/registrytest"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

var tasks = []task.Head{
	{Kind: task.Number, Columns: []string{"price"}},
	{Kind: task.Binary, Classes: []string{"no", "yes"}, Columns: []string{"income"}},
	{Kind: task.Category, Classes: strings.Fields("a b c d e f g"), Columns: []string{"species"}},
	{Kind: task.Labels, Classes: strings.Fields("a b c")},
	{Kind: task.Number, Columns: []string{"sales"}, Horizon: 1},
	{Kind: "tokens"},
	{Kind: task.Binary, Classes: []string{"no", "yes"}, Columns: []string{"tags"}, Axis: &task.Axis{Of: "words"}},
	{Kind: task.Category, Classes: strings.Fields("a b c d e f g"), Columns: []string{"tags"}, Axis: &task.Axis{Of: "words"}},
	{Kind: task.Labels, Classes: strings.Fields("a b c"), Axis: &task.Axis{Of: "words"}},
	{Kind: task.Category, Classes: strings.Fields("<unknown> b c"), Columns: []string{"en"}, Axis: &task.Axis{Of: "en", Generated: true, Ends: true}},
}

// withDefaults is spec.New, with something in the settings that must be given.
func withDefaults(key string) Metric {
	m := spec.New[Metric](key)
	v := reflect.ValueOf(m).Elem()
	for _, f := range spec.Fields(v.Type()) {
		if f.Required && f.Type.Kind() == reflect.Float64 {
			v.FieldByIndex(f.Index).SetFloat(2)
		}
	}
	return m
}

func TestOneKindOneFileOneKey(t *testing.T) {
	registrytest.Check(t, Registry, func(m Metric) int { return len(m.Cases()) })
}

// TestFits asks every kind about every task: it answers nil and works, or gives a reason that names metric and target.
func TestFits(t *testing.T) {
	for _, key := range Registry.Keys() {
		for _, head := range tasks {
			m := withDefaults(key)
			err := m.Fits(head)
			if err == nil {
				var r Result
				if JudgesTexts(m, head) {
					r = computeTexts(m)
				} else {
					r = compute(m, head)
				}
				if r.Single() && !math.IsNaN(r.Value) {
					t.Errorf("%s of no rows is %v, want NaN", key, r.Value)
				}
			} else if !strings.HasPrefix(err.Error(), key+" ") || !strings.Contains(err.Error(), "the target") || !strings.HasSuffix(err.Error(), ")") {
				t.Errorf("%s: the reason %q does not say metric, target and way out", key, err)
			}
			if head.Kind == "tokens" && err == nil {
				t.Errorf("%s takes any kind of task", key)
			}
		}
	}
}

func TestFitsSettings(t *testing.T) {
	for text, want := range map[string]string{
		"accuracy":                     "",
		"{type: f1, average: binary}":  "f1 with average binary needs two classes; the target species is one of 7 classes (try macro)",
		"{type: top_k_accuracy, k: 7}": "top_k_accuracy with k=7 is always 1; the target species is one of 7 classes (take a smaller k)",
		"{type: rouge, variant: 1}":    "rouge needs a text that the net writes; the target species is one of 7 classes (use it with a target of type: text)",
		"token_accuracy":               "token_accuracy needs a label for each step of a sequence; the target species is one of 7 classes for the whole row (try accuracy)",
		"bits_per_character":           "",
		"r2":                           "r2 needs a number as target; the target species is one of 7 classes (try accuracy)",
	} {
		got := ""
		if err := parse(t, text)[0].Fits(tasks[2]); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	if err := parse(t, "{type: roc_auc, average: per_class}")[0].Fits(tasks[1]); err == nil {
		t.Error("roc_auc per class takes a binary task")
	}
	words := task.Head{Kind: task.Category, Classes: []string{"<unknown>", "a", "the"}, Columns: []string{"next"}}
	if err := parse(t, "bits_per_character")[0].Fits(words); err == nil || !strings.Contains(err.Error(), `one of them "the"`) {
		t.Errorf("bits_per_character takes words: %v", err)
	}
	want := "accuracy needs classes; the target price is a number (try r2)"
	if err := parse(t, "accuracy")[0].Fits(tasks[0]); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestGoal: predictions that are right move a metric its way, as far as from those of the sample.
func TestGoal(t *testing.T) {
	for _, k := range Registry.Kinds() {
		for _, c := range k.Value.Cases() {
			m, s := parse(t, c.Spec)[0], sample(t, c.Sample)
			if HigherIsBetter(m) != (m.Goal() == Higher) {
				t.Errorf("%s: HigherIsBetter says something else than the goal", c.Spec)
			}
			if m.Goal() == NoGoal {
				continue
			}
			some, right := judge(m, s).Value, judge(m, perfect(s)).Value
			if !(right >= some) && m.Goal() == Higher || !(right <= some) && m.Goal() == Lower {
				t.Errorf("%s of the sample %s is %v, and %v where all is right", c.Spec, s.Name, some, right)
			}
		}
	}
	if g := parse(t, "{type: f1, average: per_class}")[0].Goal(); g != NoGoal {
		t.Errorf("f1 per class has the goal %v", g)
	}
}

// sample is the sample of a name.
func sample(t *testing.T, name string) Sample {
	t.Helper()
	for _, s := range Samples() {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no sample is called %q", name)
	return Sample{}
}

// perfect is a sample whose rows are predicted right.
func perfect(s Sample) Sample {
	b := s.Batch
	s.Texts.Predictions = make([]string, len(s.Texts.References))
	for i, list := range s.Texts.References {
		s.Texts.Predictions[i] = list[0]
	}
	switch s.Head.Kind {
	case task.Binary:
		b.Pred = make([]float64, b.Rows)
		for i, c := range b.Class {
			b.Pred[i] = float64(c)
		}
	case task.Category:
		b.Pred = make([]float64, len(b.Pred))
		for i, c := range b.Class {
			b.Pred[i*len(s.Head.Classes)+c] = 1
		}
	default:
		b.Pred = b.Labels
	}
	s.Batch = b
	return s
}

// TestGoalAgreesWithResult: a metric has a goal when and only when it is a single number.
func TestGoalAgreesWithResult(t *testing.T) {
	for _, c := range loadCases(t) {
		for _, e := range c.Expect {
			m := parse(t, e.Metric)[0]
			if single := compute(m, c.task(), c.batch()).Single(); single != (m.Goal() != NoGoal) {
				t.Errorf("%s: single number %v, goal %v", e.Metric, single, m.Goal())
			}
		}
	}
}

func TestDefault(t *testing.T) {
	if got := strings.Join(Names(Default(sample(t, "text").Head)), " "); got != "perplexity token_accuracy" {
		t.Errorf("the default metrics for a text are %s", got)
	}
	for _, head := range tasks[:4] {
		list := Default(head)
		if len(list) == 0 {
			t.Errorf("no default metrics for %s", head.Kind)
		}
		for _, m := range list {
			if err := m.Fits(head); err != nil || m.Goal() == NoGoal {
				t.Errorf("default metric for %s: %v", head.Kind, err)
			}
		}
	}
}
