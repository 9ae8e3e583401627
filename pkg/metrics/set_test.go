package metrics

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"dnn/pkg/task"
)

func TestNames(t *testing.T) {
	for text, want := range map[string]string{
		"accuracy, f1, r2":                                                  "accuracy f1 r2",
		"{type: f1, average: macro}, accuracy":                              "f1 accuracy",
		"{type: f1, average: macro}, {type: f1, average: weighted}":         "f1_macro f1_weighted",
		"f1, {type: f1, average: macro}":                                    "f1 f1_macro",
		"{type: top_k_accuracy, k: 3}":                                      "top_k_accuracy",
		"{type: top_k_accuracy, k: 3}, top_k_accuracy":                      "top_3_accuracy top_5_accuracy",
		"{type: f_beta, beta: 0.5}, {type: f_beta, beta: 2}":                "f_beta_0.5 f_beta_2",
		"{type: f_beta, beta: 2}, {type: f_beta, beta: 2, average: micro}":  "f_beta f_beta_micro",
		"{type: rouge, variant: 1}, {type: rouge, variant: 2}, rouge, bleu": "rouge_1 rouge_2 rouge_l bleu",
		"f1, f1, recall": "f1 f1_2 recall",
	} {
		if got := strings.Join(Names(parse(t, text)), " "); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// TestSet: sharing statistics changes nothing.
func TestSet(t *testing.T) {
	for _, c := range loadCases(t) {
		var list []Metric
		for _, e := range c.Expect {
			list = append(list, parse(t, e.Metric)...)
		}
		s := NewSet(list, c.task())
		s.Add(c.batch())
		for i, r := range s.Results() {
			if alone := compute(list[i], c.task(), c.batch()); !identical(r.Result, alone) {
				t.Errorf("%s: %s is %v in a set, %v alone", c.Name, r.Name, r.Result.value(), alone.value())
			}
		}
		if len(s.feeds) > 4+6 { // confusion counts, scores, log loss, Brier score; six top k
			t.Errorf("%s: %d metrics keep %d statistics", c.Name, len(list), len(s.feeds))
		}
		if (s.Confusion() == nil) != (kinds[c.Task.Kind] == task.Number) {
			t.Errorf("%s: confusion counts %v", c.Name, s.Confusion())
		}
	}
}

func TestJSON(t *testing.T) {
	three := task.Head{Kind: task.Category, Classes: []string{"b", "a", `c"`}}
	b := Batch{Rows: 2, Pred: []float64{1, 0, 0, 0, 1, 0}, Class: []int{0, 0}}
	labels := task.Head{Kind: task.Labels, Classes: []string{"b", "a"}}
	l := Batch{Rows: 2, Pred: []float64{1, 0, 0, 1}, Labels: []float64{1, 0, 0, 0}}
	for _, c := range []struct {
		task         task.Head
		batch        Batch
		metric, want string
	}{
		{three, b, "accuracy", `0.5`},
		{three, Batch{}, "accuracy", `null`},
		{three, b, "{type: f1, average: per_class}", `{"b":0.6666666666666666,"a":0,"c\"":0}`},
		{three, Batch{}, "{type: f1, average: per_class}", `{"b":null,"a":null,"c\"":null}`},
		{three, b, "confusion_matrix", `{"labels":["b","a","c\""],"matrix":[[1,1,0],[0,0,0],[0,0,0]]}`},
		{labels, l, "confusion_matrix", `{"b":[[1,0],[0,1]],"a":[[1,1],[0,0]]}`},
		{task.Head{Kind: task.Number}, Batch{Rows: 1, Pred: []float64{1e200}, Labels: []float64{0}}, "mse", `null`},
	} {
		got, err := json.Marshal(compute(parse(t, c.metric)[0], c.task, c.batch))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s %v, want %s", c.metric, got, err, c.want)
		}
	}
}

// TestNoNumber: one prediction that is not a number makes every metric undefined.
func TestNoNumber(t *testing.T) {
	for _, head := range tasks[:4] {
		n := columns(head)
		b := Batch{Rows: 4, Pred: slices.Repeat([]float64{0.25}, 4*n), Class: []int{0, 1, 0, 1}, Labels: make([]float64, 4*n)}
		b.Pred[len(b.Pred)-1] = math.NaN()
		for _, key := range Registry.Keys() {
			m := withDefaults(key)
			if m.Fits(head) != nil {
				continue
			}
			if r := compute(m, head, b); !math.IsNaN(r.Value) || r.Matrix != nil && !math.IsNaN(r.Matrix[0][0]) {
				t.Errorf("%s of kind %s is %v", key, head.Kind, r.value())
			}
		}
	}
}

func TestWrongShapePanics(t *testing.T) {
	for _, key := range Registry.Keys() {
		for _, head := range tasks[:4] {
			m := withDefaults(key)
			if m.Fits(head) != nil {
				continue
			}
			for _, b := range []Batch{
				{Rows: 1},
				{Rows: 1, Pred: make([]float64, columns(head))},
				{Rows: 1, Pred: make([]float64, columns(head)), Class: []int{len(labels(head))}},
			} {
				func() {
					defer func() {
						if text, ok := recover().(string); !ok || !strings.HasPrefix(text, "metrics: ") {
							t.Errorf("%s takes a batch of the wrong shape for %s: %v", key, head.Kind, text)
						}
					}()
					m.(RowMetric).New(head).Add(b)
				}()
			}
		}
	}
}

// TestMillionRows: large sets are no matter of minutes or gigabytes, and long sums stay exact.
func TestMillionRows(t *testing.T) {
	if testing.Short() {
		t.Skip("a million rows")
	}
	const n, size = 1 << 20, 256
	s := NewSet(parse(t, "accuracy, roc_auc, pr_auc, log_loss, brier"), tasks[1])
	b := Batch{Rows: size, Pred: make([]float64, size), Class: make([]int, size)}
	start := time.Now()
	for lo := 0; lo < n; lo += size {
		for i := range size {
			row := (lo + i) * 40503 % n // each of 0…n-1 once
			b.Pred[i], b.Class[i] = float64(row)/n, row&1
		}
		s.Add(b)
	}
	got := s.Results()
	// Odd rows are positive, and each is just above the even one before it.
	pairs := float64(n / 2)
	if want := (pairs + 1) / (2 * pairs); !near(got[1].Result.Value, want, 1e-12) {
		t.Errorf("roc_auc: got %v, want %v", got[1].Result.Value, want)
	}
	if got[0].Result.Value != 0.5 {
		t.Errorf("accuracy: got %v, want 0.5", got[0].Result.Value)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}

func BenchmarkROCAUC(b *testing.B) {
	const n = 1 << 20
	batch := Batch{Rows: n, Pred: make([]float64, n), Class: make([]int, n)}
	for i := range n {
		row := i * 40503 % n
		batch.Pred[i], batch.Class[i] = float64(row)/n, row&1
	}
	b.ReportAllocs()
	for b.Loop() {
		compute(&ROCAUC{}, tasks[1], batch)
	}
}
