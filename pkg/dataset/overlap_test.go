package dataset_test

import (
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
)

// TestPartsThatOverlap: official splits of windows are doubted where they do not follow one another in time.
func TestPartsThatOverlap(t *testing.T) {
	stretch := func(group string, from, to int) string {
		var b strings.Builder
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "%s,%d,%d\n", group, i, i%5)
		}
		return b.String()
	}
	dir := datasettest.Write(t, map[string]string{
		"train.csv": "g,t,v\n" + stretch("a", 10, 50) + stretch("b", 10, 50), "one.csv": "g,t,v\n" + stretch("a", 10, 50),
		"next.csv": "g,t,v\n" + stretch("a", 50, 70) + stretch("b", 50, 70), "nextone.csv": "g,t,v\n" + stretch("a", 50, 70),
		"over.csv": "g,t,v\n" + stretch("a", 50, 70) + stretch("b", 40, 60), "overone.csv": "g,t,v\n" + stretch("a", 40, 60),
		"before.csv": "g,t,v\n" + stretch("a", 0, 9), "other.csv": "g,t,v\n" + stretch("c", 10, 30),
		"dates.csv": "g,t,v\na,2020-01-01,1\na,2020-01-02,1\na,2020-01-03,1\na,2020-01-04,1\na,2020-01-05,1\na,2020-01-06,1\n",
	})
	const windows = "inputs: [{column: v, window: 3}], target: {column: v, type: series}"
	for _, c := range []struct{ parts, want string }{
		{"train: one.csv, test: overone.csv, order_by: t", "warning: the test split does not come after the training split: it begins at 40 (DIR/overone.csv:2), and the other ends at 49 (DIR/one.csv:41), so scores may measure what training saw; give each split later rows than the one before, or tell different series apart (group: COLUMN)"},
		{"train: one.csv, test: overone.csv", "it begins at 40 (DIR/overone.csv:2), and the other ends at 49"}, // the order is found
		{"train: one.csv, test: before.csv, order_by: t", "it begins at 0 (DIR/before.csv:2), and the other ends at 49"},
		{"train: one.csv, validation: nextone.csv, test: nextone.csv, order_by: t", "the test split does not come after the validation split: it begins at 50"},
		{"train: train.csv, test: over.csv, order_by: t, group: g", `the test split does not come after the training split in 1 of 2 groups, the first "b": it begins at 40 (DIR/over.csv:22), and the other ends at 49 (DIR/train.csv:81), so`},
		{"train: train.csv, test: next.csv, order_by: t, group: g", ""},
		{"train: train.csv, test: other.csv, order_by: t, group: g", ""},
		{"train: one.csv, test: nextone.csv, order_by: t", ""},
		{"train: one.csv, test: dates.csv, order_by: t", ""},
	} {
		d := datasettest.MustLoad(t, dir, "{"+c.parts+", "+windows+"}")
		if c.want == "" && datasettest.Noted(d, "does not come after") || !datasettest.Noted(d, strings.ReplaceAll(c.want, "DIR", dataset.RelativeToHere(dir))) {
			t.Errorf("%s: %q\nwant %s", c.parts, d.Notes, c.want)
		}
	}
}

// TestStepsOfTheSameMoment: the order of such steps of an id is that of the file, which is told.
func TestStepsOfTheSameMoment(t *testing.T) {
	section := "{train: d.csv, sequence_id: id, order_by: t, target: y, inputs: [{column: p, type: series, normalize: none}]}"
	for table, want := range map[string]string{
		"id,t,p,y\na,1,1,no\na,2,2,no\nb,1,3,yes\n":                      "",
		"id,t,p,y\na,2,1,no\nb,1,3,yes\na,2,2,no\na,1,3,no\nb,2,4,yes\n": `warning: train: t does not give the order of 1 of 5 rows: other rows of the same id have the same value ("2" at DIR/d.csv:2 and at DIR/d.csv:4); they stay in the order of the file`,
	} {
		dir := datasettest.Write(t, map[string]string{"d.csv": table})
		d := datasettest.MustLoad(t, dir, section)
		if want == "" && datasettest.Noted(d, "does not tell the order") || !datasettest.Noted(d, strings.ReplaceAll(want, "DIR", dataset.RelativeToHere(dir))) {
			t.Errorf("%q\nwant %s", d.Notes, want)
		}
	}
}
