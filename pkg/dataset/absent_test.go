package dataset_test

import (
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/dataset/datasettest"
)

func TestPartsWithoutAClassAreTold(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": "x,y\n1,a\n2,b\n3,c\n", "t.csv": "x,y\n1,a\n2,a\n", "v.csv": "x,y\n1,a\n2,b\n3,c\n"})
	d := datasettest.MustLoad(t, dir, "{train: d.csv, validation: v.csv, test: t.csv, target: y}")
	if !datasettest.Noted(d, `warning: the test split has no row of "b", "c"`) || datasettest.Noted(d, "the validation split has no row") {
		t.Errorf("%q", d.Notes)
	}
}

// A mean over classes is of no matter for a yes/no target.
func TestPartsOfOneClassOfTwo(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": "x,y\n1,no\n2,yes\n", "t.csv": "x,y\n1,no\n2,no\n"})
	d := datasettest.MustLoad(t, dir, "{train: d.csv, test: t.csv, target: {column: y, type: binary}}")
	if !datasettest.Noted(d, `warning: all rows of the test split are of class "no": F1 and ROC AUC say nothing of it`) || datasettest.Noted(d, "macro") {
		t.Errorf("%q", d.Notes)
	}
}

// What gaps in a series cost is a warning, with the figure.
func TestWindowsLostToGapsAreTold(t *testing.T) {
	var b strings.Builder
	b.WriteString("t,v\n")
	for i := range 30 {
		if i == 9 {
			fmt.Fprintf(&b, "%d,\n", i)
			continue
		}
		fmt.Fprintf(&b, "%d,%d\n", i, i)
	}
	dir := datasettest.Write(t, map[string]string{"d.csv": b.String()})
	d := datasettest.MustLoad(t, dir, "{path: d.csv, split: {validation: 5, test: 5}, target: {column: v, horizon: 3}, inputs: [{column: v, type: series, window: 2}]}")
	if !datasettest.Noted(d, "warning: train: 3 of 20 rows left out for gaps in the rows to predict") {
		t.Errorf("%q", d.Notes)
	}
}
