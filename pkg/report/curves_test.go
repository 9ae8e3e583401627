package report

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
)

const blobs = `
name: blobs
dataset: {format: synthetic, generator: blobs, rows: 120, split: {train: 0.6, validation: 0.2, test: 0.2}}
layers: [{type: dense, units: classes}]
`

func TestCurveShowsTheMonitoredMetric(t *testing.T) {
	for monitor, want := range map[string]string{"validation_kappa": "kappa", "validation_loss": "accuracy"} {
		r := New(open(t, blobs, "metrics=[confusion_matrix, accuracy, kappa]", "train.monitor="+monitor))
		if got := r.shownMetric(); got != want {
			t.Errorf("%s: shows %q, want %q", monitor, got, want)
		}
	}
}

// A validation within an epoch is a point of the curves between two epochs, and so is the last one if it stops the training.
func TestCurvesWithinAnEpoch(t *testing.T) {
	dir := t.TempDir()
	job := open(t, blobs, "metrics=[accuracy, kappa]", "train={epochs: 200, batch_size: 8, validate_every: 4, early_stopping: {patience: 1}, monitor: validation_accuracy}",
		"optimizer={type: sgd, learning_rate: 3.0}")
	res, files, r := reported(t, job, dir)
	if !res.Position.Stopped || res.Position.Step%res.StepsPerEpoch == 0 {
		t.Fatalf("did not stop within an epoch: %+v", res.Position)
	}
	c, err := r.curves(res)
	if err != nil {
		t.Fatal(err)
	}
	n := len(c.Epochs)
	if n != res.Position.Step/4 || n < 2 || c.Epochs[0] != 4/float64(res.StepsPerEpoch) || len(c.Loss.Validation) != n || len(c.Metric.Validation) != n || len(c.More) != 1 || c.More[0].Name != "kappa" {
		t.Errorf("%d points: %+v", n, c)
	}
	if !slices.Contains(c.Epochs, c.Best) {
		t.Errorf("the best epoch %v is none of %v", c.Best, c.Epochs)
	}
	if got := fmt.Sprint(files.Plots); got != fmt.Sprint([]string{filepath.Join(dir, "learning-curve.png"), filepath.Join(dir, "confusion.png"), filepath.Join(dir, "probabilities.png")}) {
		t.Error(got)
	}
}
