package metrics

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// refCase is a data set with the values that testdata/metrics/make.py got from scikit-learn.
type refCase struct {
	Name string
	Task struct {
		Kind             string
		Classes, Targets []string
		Threshold        float64
		Series           bool
		Naive            map[int][]float64
	}
	Rows                int
	Pred, Truth, Weight []float64
	Class               []int
	Steps               []int // nil where rows stand alone
	Expect              []struct {
		Metric string // settings as a spec would hold them
		Value  any    // number, null, or nested lists of them
	}
}

// kinds are scikit-learn's words for those of heads.
var kinds = map[string]task.Kind{"regression": task.Number, "binary": task.Binary, "multi_class": task.Category, "multi_label": task.Labels}

func (c refCase) task() task.Head {
	h := task.Head{Kind: kinds[c.Task.Kind], Classes: c.Task.Classes, Columns: c.Task.Targets, Threshold: c.Task.Threshold}
	h.Training.NaiveErrors = c.Task.Naive
	if c.Task.Series {
		h.Horizon = 1
	}
	if c.Steps != nil {
		h.Axis = &task.Axis{Of: "en", Generated: true, Ends: true}
	}
	return h
}

func (c refCase) batch() Batch {
	return Batch{Rows: c.Rows, Pred: c.Pred, Class: c.Class, Labels: c.Truth, Weight: c.Weight, Steps: c.Steps}
}

func loadCases(t testing.TB) []refCase {
	t.Helper()
	text, err := os.ReadFile("../../testdata/metrics/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []refCase }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file.Cases
}

// parse reads a list of metrics as it stands in a spec.
func parse(t testing.TB, text string) []Metric {
	t.Helper()
	d, err := spec.Parse("test.yaml", []byte("metrics: ["+text+"]"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var s struct{ Metrics []Metric }
	p := spec.Problems{}
	d.Decode(&s, &p)
	if p.Len() > 0 {
		t.Fatalf("%s: %v", text, p)
	}
	return s.Metrics
}

func compute(m Metric, t task.Head, batches ...Batch) Result {
	a := m.(RowMetric).New(t)
	for _, b := range batches {
		a.Add(b)
	}
	return a.Result()
}

// judge is the value of a metric for a sample.
func judge(m Metric, s Sample) Result {
	if JudgesTexts(m, s.Head) {
		return computeTexts(m, s.Texts)
	}
	return compute(m, s.Head, s.Batch)
}

// value gives a result the form of a reference value.
func (r Result) value() any {
	switch {
	case r.PerClass != nil:
		return r.PerClass
	case r.Matrix != nil:
		return r.Matrix
	case r.Tables != nil:
		return r.Tables
	}
	return r.Value
}

// flatten lists the numbers of a value with the lengths of its lists, null as NaN.
func flatten(v any) []float64 {
	list := func(n int, at func(i int) any) []float64 {
		out := []float64{float64(n)}
		for i := range n {
			out = append(out, flatten(at(i))...)
		}
		return out
	}
	switch v := v.(type) {
	case nil:
		return []float64{math.NaN()}
	case float64:
		return []float64{v}
	case []any:
		return list(len(v), func(i int) any { return v[i] })
	case []float64:
		return list(len(v), func(i int) any { return v[i] })
	case [][]float64:
		return list(len(v), func(i int) any { return v[i] })
	case [][][]float64:
		return list(len(v), func(i int) any { return v[i] })
	}
	panic(fmt.Sprintf("a value of type %T", v))
}

// near compares values up to a relative error; NaN equals NaN.
func near(got, want any, tolerance float64) bool {
	g, w := flatten(got), flatten(want)
	if len(g) != len(w) {
		return false
	}
	for i := range g {
		if math.IsNaN(g[i]) != math.IsNaN(w[i]) || math.Abs(g[i]-w[i]) > tolerance*max(1, math.Abs(w[i])) {
			return false
		}
	}
	return true
}

// undefined reports whether a metric is undefined where scikit-learn gives a warning and 0: that of the positive class where no row
// is positive.
func (c refCase) undefined(metric string) bool {
	if c.Task.Kind != "binary" || strings.Contains(metric, "average") && !strings.Contains(metric, "average: binary") {
		return false
	}
	for i, class := range c.Class {
		if class == 1 && (c.Weight == nil || c.Weight[i] > 0) {
			return false
		}
	}
	return slices.ContainsFunc([]string{"f1", "f_beta", "precision", "recall"}, func(key string) bool { return strings.Contains(metric, key) })
}

// TestReference holds every metric against scikit-learn.
func TestReference(t *testing.T) {
	for _, c := range loadCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			for _, e := range c.Expect {
				m := parse(t, e.Metric)[0]
				if err := m.Fits(c.task()); err != nil {
					t.Errorf("%s: %v", e.Metric, err)
					continue
				}
				if c.undefined(e.Metric) {
					e.Value = nil
				}
				if got := compute(m, c.task(), c.batch()).value(); !near(got, e.Value, 1e-12) {
					t.Errorf("%s: got %v, scikit-learn %v", e.Metric, got, e.Value)
				}
			}
		})
	}
}

// TestCases holds every kind against its cases. It has one for each kind of target that it fits.
func TestCases(t *testing.T) {
	for _, k := range Registry.Kinds() {
		has := map[task.Kind]bool{}
		for _, c := range k.Value.Cases() {
			m, s := parse(t, c.Spec)[0], sample(t, c.Sample)
			has[s.Head.Kind] = true
			if err := m.Fits(s.Head); err != nil || spec.KeyOf(m) != k.Key {
				t.Errorf("%s has a case of %s: %v", k.Key, c.Spec, err)
				continue
			}
			if got := judge(m, s).value(); !near(got, c.Weighted.value(), 1e-6) {
				t.Errorf("%s of the sample %s is %v with weights, want %v", c.Spec, c.Sample, got, c.Weighted.value())
			}
			s.Batch.Weight, s.Texts.Weight = nil, nil
			if got := judge(m, s).value(); !near(got, c.Want.value(), 1e-6) {
				t.Errorf("%s of the sample %s is %v, want %v", c.Spec, c.Sample, got, c.Want.value())
			}
		}
		for _, head := range tasks {
			if withDefaults(k.Key).Fits(head) == nil && !has[head.Kind] {
				t.Errorf("%s fits a target of kind %s and has no case of it", k.Key, head.Kind)
			}
		}
	}
}
