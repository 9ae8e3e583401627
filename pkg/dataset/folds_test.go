package dataset_test

import (
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
)

const groupedTable = "patient,x,y\na,1,0\na,2,1\nb,3,0\nb,4,1\nc,5,0\nc,6,1\nd,7,0\nd,8,1\n"

// The column of the groups is no input, and what folds lack is told.
func TestGroupedSplit(t *testing.T) {
	d, problems := datasettest.LoadTable(t, groupedTable, "target: {column: y, type: number}, split: {test: 0.25, folds: 3, fold: 2, group: patient}")
	if problems != "" {
		t.Fatal(problems)
	}
	if got := strings.Join(d.Schema.Columns(), " "); got != "x" {
		t.Errorf("inputs: %s", got)
	}
	if d.Train.Rows() != 4 || d.Validation.Rows() != 2 || d.Test.Rows() != 2 {
		t.Errorf("%d, %d and %d rows", d.Train.Rows(), d.Validation.Rows(), d.Test.Rows())
	}
	for split, want := range map[string]string{
		"{folds: 3, group: patient}":                   "needs fold",
		"{folds: 3, fold: 4}":                          "is 4 of 3 folds",
		"{fold: 2}":                                    "needs folds",
		"{folds: 5, fold: 1, group: patient}":          `"patient" has 4 values, fewer than 5 splits`,
		"{test: 0.25, group: patent}":                  "did you mean patient",
		"{test: 0.25, group: patient, order: true}":    "leave out stratify and order",
		"{test: 0.25, group: patient, stratify: true}": "leave out stratify and order",
		"{folds: 9, fold: 1}":                          "8 rows leave less than one row for each of 9 folds",
	} {
		if _, problems := datasettest.LoadTable(t, groupedTable, "target: y, split: "+split); !strings.Contains(problems, want) {
			t.Errorf("%s: %q, want %q", split, problems, want)
		}
	}
}

// Joined, the rows of validation are learned from, and the test stays what it was.
func TestJoinValidation(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"data.csv": groupedTable})
	s, p := datasettest.SettingsOf(t, "{path: data.csv, inputs: [x], target: {column: y, type: number}, split: {validation: 2, test: 2}}")
	plain := dataset.Load(s, dir, 1, p)
	joined := dataset.Load(s, dir, 1, p, dataset.JoinValidation())
	if p.Len() > 0 || !plain.Joinable() || joined.Joinable() {
		t.Fatal(p.Messages())
	}
	if joined.Train.Rows() != 6 || joined.Validation != nil || joined.Test.Place(0) != plain.Test.Place(0) || joined.Test.Place(1) != plain.Test.Place(1) {
		t.Errorf("%d rows of training", joined.Train.Rows())
	}
	for _, n := range joined.Notes {
		if strings.Contains(n.Text, "validation") {
			t.Errorf("a note on a split that is not asked for: %s", n.Text)
		}
	}
}
