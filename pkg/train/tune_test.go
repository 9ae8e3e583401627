package train

import (
	"math"
	"strings"
	"testing"

	"dnn/internal/random"
	"dnn/pkg/metrics"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// Scores that are three times too large need a temperature of three; that of honest probabilities is one.
func TestTemperature(t *testing.T) {
	r := random.New(1, 1)
	for _, kind := range []task.Kind{task.Binary, task.Category} {
		for _, factor := range []float64{1, 3, 0.5} {
			b := metrics.Batch{Rows: 4000}
			for range b.Rows {
				x := 2 * r.Normal()
				p, said := 1/(1+math.Exp(-x)), 1/(1+math.Exp(-factor*x))
				class := 0
				if r.Uniform() < p {
					class = 1
				}
				b.Class = append(b.Class, class)
				if kind == task.Category {
					b.Pred = append(b.Pred, 1-said)
				}
				b.Pred = append(b.Pred, said)
			}
			got, change := temperature(kind, b)
			if math.Abs(got-factor) > 0.1*factor || change.After > change.Before {
				t.Errorf("%s: scores %v times too large have the temperature %v (%+v)", kind, factor, got, change)
			}
		}
	}
}

// The best threshold lies in the middle between two predictions; where no other is better it stays one half.
func TestThreshold(t *testing.T) {
	h := task.Head{Kind: task.Binary, Width: 1, Classes: []string{"no", "yes"}}
	f1 := spec.New[metrics.Metric]("f1").(metrics.RowMetric)
	b := metrics.Batch{Rows: 6, Pred: []float64{0.05, 0.1, 0.2, 0.3, 0.3, 0.4}, Class: []int{0, 0, 0, 1, 0, 1}}
	got, change := threshold(f1, h, b)
	if math.Abs(got-0.25) > 1e-12 || math.Abs(change.After-0.8) > 1e-12 || change.Before != 0 || change.Name != "f1" {
		t.Errorf("%v, %+v", got, change)
	}
	b = metrics.Batch{Rows: 3, Pred: []float64{0.1, 0.7, 0.9}, Class: []int{0, 1, 1}}
	if got, _ := threshold(f1, h, b); got != 0.5 {
		t.Errorf("where one half is as good as any: %v", got)
	}
}

// Rows of one class say nothing of thresholds.
func TestThresholdOfOneClass(t *testing.T) {
	tr, _ := seen(t, open(t, oneClass(t), "train.threshold=f1"), Options{Dir: t.TempDir()})
	list, notes, err := Tune(tr)
	if err != nil || list[0].Threshold != 0 || len(notes.Warnings()) != 1 || !strings.Contains(notes[0].Text, "of one class") {
		t.Errorf("%+v, %v, %v", list, notes, err)
	}
}

// Of 19 errors, the interval of 90 % goes to the eighteenth, which covers 90 % of new rows on average.
func TestIntervals(t *testing.T) {
	b := metrics.Batch{Rows: 19}
	for i := range b.Rows {
		e := float64((i*7)%19 + 1)
		b.Labels, b.Pred = append(b.Labels, 100, 5), append(b.Pred, 100-e, 5+e/10)
	}
	var notes spec.Notes
	got := intervals([]float64{0.9, 0.5}, 2, b, &notes)
	if len(got) != 2 || got[0].Coverage != 0.5 || got[0].Widths[0] != 10 || got[1].Widths[0] != 18 || math.Abs(got[1].Widths[1]-1.8) > 1e-12 || len(notes) > 0 {
		t.Errorf("%+v, %v", got, notes)
	}
	got = intervals([]float64{0.99}, 2, b, &notes)
	if len(notes) != 1 || got[0].Widths[0] != 19 {
		t.Errorf("%+v, %v", got, notes)
	}
}

// What is fitted to a handful of rows of the rarer class is warned of.
func TestFewRowsToFit(t *testing.T) {
	h := task.Head{Kind: task.Binary, Width: 1, Classes: []string{"no", "yes"}}
	for positive, want := range map[int]int{9: 1, 10: 0} {
		var notes spec.Notes
		b := metrics.Batch{Rows: 100, Class: make([]int, 100)}
		for i := range positive {
			b.Class[i] = 1
		}
		if warnFew("train.threshold", "the threshold", h, b, &notes); len(notes.Warnings()) != want || want > 0 && !strings.Contains(notes[0].Text, "9 rows of yes") {
			t.Errorf("%d positive rows: %v", positive, notes)
		}
	}
}
