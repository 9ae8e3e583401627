package train

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestImprovement(t *testing.T) {
	falling := func(n int, f func(i int) float64) (list []validation) {
		for i := range n {
			list = append(list, validation{i + 1, f(i)})
		}
		return list
	}
	for name, c := range map[string]struct {
		list   []validation
		higher bool
		want   *Improving
	}{
		"falls to the end":        {falling(20, func(i int) float64 { return float64(40 - i) }), false, &Improving{From: 23, To: 21, Epochs: 2}},
		"rises to the end":        {falling(3, func(i int) float64 { return float64(i) / 4 }), true, &Improving{From: .25, To: .5, Epochs: 1}},
		"best in the middle":      {falling(20, func(i int) float64 { return math.Abs(float64(i - 12)) }), false, nil},
		"hardly falls any longer": {falling(50, func(i int) float64 { return 1 / float64(1+i) }), false, nil},
		"undefined":               {falling(9, func(int) float64 { return math.NaN() }), false, nil},
		"one validation":          {falling(1, func(int) float64 { return 1 }), false, nil},
	} {
		got := improvement(c.list, c.higher)
		if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// A training that is too short says so, and one that early stopping ended does not.
func TestTooShortTraining(t *testing.T) {
	for _, c := range []struct {
		sets   []string
		want   string
		longer int
	}{
		{[]string{"train.epochs=4"}, "validation_loss", 8},
		{[]string{"train.epochs=4", "train.monitor=training_loss"}, "training_loss", 8},
		{[]string{"train.epochs=200", "train.early_stopping.patience=3"}, "", 0},
	} {
		tr, _ := seen(t, open(t, everything, c.sets...), Options{Dir: t.TempDir()})
		res, err := tr.Finish(t.Context(), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		figure, longer := "", 0
		if res.Improving != nil {
			figure, longer = res.Improving.Figure, res.Improving.Longer
		}
		if figure != c.want || longer != c.longer {
			t.Errorf("%v: %+v, want %q and %d epochs", c.sets, res.Improving, c.want, c.longer)
		}
	}
}

// A trial takes rows from the whole file, whose first rows may be of one class, also without shuffling.
func TestFastTakesRowsOfAllClasses(t *testing.T) {
	rows := "x,y\n"
	for i := range 800 {
		rows += fmt.Sprintf("%d,%s\n", i, []string{"a", "b", "c", "d"}[i/200])
	}
	file := filepath.Join(t.TempDir(), "data.csv")
	if err := os.WriteFile(file, []byte(rows), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, shuffle := range []bool{true, false} {
		job := open(t, `
dataset: {path: `+file+`, target: {column: y, type: category}, split: {train: 0.5, validation: 0.5, stratify: true}}
layers: [{type: dense, units: classes}]
train: {shuffle: `+fmt.Sprint(shuffle)+`}
`)
		tr, epochs := seen(t, job, Options{Dir: t.TempDir(), Fast: true})
		for class, n := range epochs[0].Validation.Heads[0].Confusion.OneVsRest() {
			if n.Support() < 5 {
				t.Errorf("validation has %v rows of class %d", n.Support(), class)
			}
		}
		var trained []int
		for batch := range tr.batches.count() {
			trained = append(trained, tr.batches.rows(batch)...)
		}
		slices.Sort(trained)
		if len(trained) != 96 || trained[0] > 60 || trained[95] < 340 || !shuffle && !slices.IsSorted(tr.batches.order[:96]) {
			t.Errorf("shuffle %v: trained on %v", shuffle, trained)
		}
	}
}
