package model

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/spec"
)

// document is a spec that lies in dir.
func document(t *testing.T, dir, text string) *spec.Document {
	t.Helper()
	doc, err := spec.Parse(filepath.Join(dir, "spec.yaml"), []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// table writes a file of n rows.
func table(t *testing.T, dir, name string, n int) {
	t.Helper()
	text := "x,y\n"
	for i := range n {
		text += fmt.Sprintf("%d,%s\n", i%17, []string{"a", "b", "c"}[i%3])
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

const oneLayer = "\nlayers: [{type: dense, units: classes}]\n"

// A training that names no length makes some 8,000 updates and stops early; what a spec says stays.
func TestDefaultLength(t *testing.T) {
	stop := &EarlyStopping{Patience: 3}
	for _, c := range []struct {
		rows, batch, accumulate int
		asked                   Training
		validation              bool
		epochs, patience        int
	}{
		{100, 32, 1, Training{}, true, 200, 20},   // 4 updates in an epoch: the most epochs
		{4000, 32, 1, Training{}, true, 64, 10},   // 125
		{4000, 32, 1, Training{}, false, 64, 0},   // nothing to stop by
		{40000, 32, 1, Training{}, true, 10, 10},  // 1,250: the least epochs
		{40000, 320, 1, Training{}, true, 64, 10}, //
		{40000, 32, 10, Training{}, true, 64, 10}, //
		{0, 32, 1, Training{}, false, 10, 0},      // the data could not be read
		{4000, 32, 1, Training{Epochs: 3}, true, 3, 0},
		{4000, 32, 1, Training{Steps: 30}, true, 0, 0},
		{4000, 32, 1, Training{EarlyStopping: stop}, true, 64, 3},
	} {
		c.asked.BatchSize, c.asked.Accumulate = c.batch, c.accumulate
		got, patience := c.asked.withLength(c.rows, c.validation), 0
		if got.EarlyStopping != nil {
			patience = got.EarlyStopping.Patience
		}
		if got.Epochs != c.epochs || patience != c.patience {
			t.Errorf("%+v: %d epochs, patience %d", c, got.Epochs, patience)
		}
	}
}

// Official files for training and test give a tenth of the training rows for validation, and say so.
func TestOfficialSplitsGetAValidationSplit(t *testing.T) {
	dir := t.TempDir()
	table(t, dir, "a.csv", 200)
	table(t, dir, "b.csv", 50)
	table(t, dir, "v.csv", 30)
	for _, c := range []struct {
		dataset           string
		train, validation int
		told, stops       bool
	}{
		{"train: a.csv, test: b.csv", 180, 20, true, true},
		{"train: a.csv, test: b.csv, split: {stratify: true}", 180, 20, true, true},
		{"train: a.csv, test: b.csv, split: {validation: 0}", 200, 0, false, false},
		{"train: a.csv, test: b.csv, split: {validation: 0.25}", 150, 50, false, true},
		{"train: a.csv, test: b.csv, validation: v.csv", 200, 30, false, true},
		{"train: a.csv", 200, 0, false, false},
	} {
		job, err := Open(document(t, dir, "dataset: {"+c.dataset+", target: {column: y, type: category}}"+oneLayer))
		if err != nil {
			t.Fatal(err)
		}
		validation := 0
		if part := job.Data.Validation; part != nil {
			validation = part.Rows()
		}
		told := strings.Contains(strings.Join(job.Beginning.Texts(), "\n"), "validation: 20 rows taken from the training split")
		if stops := job.Config.Train.EarlyStopping != nil; job.Data.Train.Rows() != c.train || validation != c.validation || told != c.told || stops != c.stops {
			t.Errorf("%s: %d and %d rows, told %v, stops early %v", c.dataset, job.Data.Train.Rows(), validation, told, stops)
		}
	}
}

// A run of an earlier version, whose official splits had no validation, resumes with the same rows.
func TestResolvedOfficialSplitsStay(t *testing.T) {
	dir := t.TempDir()
	table(t, dir, "a.csv", 200)
	table(t, dir, "b.csv", 50)
	text := "dataset: {train: a.csv, test: b.csv, target: {column: y, type: category}, split: {stratify: false, order: false}}" + oneLayer
	job, err := OpenToResume(document(t, dir, text), nil)
	if err != nil {
		t.Fatal(err)
	}
	if job.Data.Validation != nil || job.Data.Train.Rows() != 200 {
		t.Errorf("%d rows to train on", job.Data.Train.Rows())
	}
}

// Early stopping without a validation split is warned of, unless it is asked for by name.
func TestEarlyStoppingWithoutValidation(t *testing.T) {
	dir := t.TempDir()
	table(t, dir, "a.csv", 200)
	for train, want := range map[string]bool{"{early_stopping: {patience: 3}}": true, "{early_stopping: {patience: 3, monitor: training_loss}}": false, "{epochs: 3}": false} {
		job, err := Open(document(t, dir, "dataset: {train: a.csv, target: {column: y, type: category}}"+oneLayer+"train: "+train+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(strings.Join(job.Notes.Texts(), "\n"), "there is no validation split"); got != want {
			t.Errorf("%s: warned %v", train, got)
		}
	}
}
