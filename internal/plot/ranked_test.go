package plot

import (
	"math"
	"testing"

	"dnn/internal/plot/canvas"
)

// The figures are those of scikit-learn's roc_auc_score and average_precision_score.
func TestRank(t *testing.T) {
	r, ok := rank(Ranking{Said: []float64{0.1, 0.4, 0.35, 0.8, 0.4, math.NaN()}, Is: []bool{false, false, true, true, true, true}})
	if !ok || math.Abs(r.area-0.75) > 1e-12 || math.Abs(r.average-(1.0/3+2.0/3/3+3.0/4/3)) > 1e-12 {
		t.Errorf("%v: area %v, average precision %v", ok, r.area, r.average)
	}
	want := []canvas.Point{{}, {X: 0, Y: 1.0 / 3}, {X: 0.5, Y: 2.0 / 3}, {X: 0.5, Y: 1}, {X: 1, Y: 1}}
	for i, p := range want {
		if len(r.roc) != len(want) || math.Abs(r.roc[i].X-p.X) > 1e-12 || math.Abs(r.roc[i].Y-p.Y) > 1e-12 {
			t.Fatalf("%v, want %v", r.roc, want)
		}
	}
	for threshold, want := range map[float64]canvas.Point{0.9: want[0], 0.4: want[2], 0.36: want[2], 0.05: want[4]} {
		if got := r.at(threshold, r.roc); got != want {
			t.Errorf("at %v: %v, want %v", threshold, got, want)
		}
	}
	if _, ok := rank(Ranking{Said: []float64{0.1, 0.2}, Is: []bool{true, true}}); ok {
		t.Error("a class that all rows are of has a curve")
	}
}

// Groups have as many rows each, and rise.
func TestCalibrationGroups(t *testing.T) {
	var of Ranking
	for i := range 200 {
		of.Said, of.Is = append(of.Said, float64(i)/200), append(of.Is, i%4 == 0)
	}
	r, _ := rank(of)
	if len(r.calibration) != 10 || math.Abs(r.calibration[0].X-9.5/200) > 1e-12 || r.calibration[9].Y != 0.25 {
		t.Errorf("%v", r.calibration)
	}
}
