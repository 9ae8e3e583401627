package column_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/datasettest"
)

// TestQuantilesAreNormal: knots go to the normal quantiles of their ranks, ties to the middle of theirs, and what lies beyond the
// ends to those of the ends. The values are those of statistics.NormalDist().inv_cdf.
func TestQuantilesAreNormal(t *testing.T) {
	s := column.Scalings["quantile"]([]float64{8, 1, 2, 2, 100})
	for x, want := range map[float64]float64{
		1: -1.281552, 2: -0.253347, 8: 0.524401, 100: 1.281552, // (k + ½) / 5: 0.1, 0.4, 0.7, 0.9
		5: (0.524401 - 0.253347) / 2, -50: -1.281552, 1e9: 1.281552,
	} {
		if got, err := s.Apply(x); err != nil || math.Abs(float64(got)-want) > 2e-6 {
			t.Errorf("%v becomes %v, want %v", x, got, want)
		}
	}
	for _, far := range []float64{1.3, 40} {
		if s.Undo(far) != 100 || s.Undo(-far) != 1 {
			t.Errorf("%v comes back as %v and %v", far, s.Undo(-far), s.Undo(far))
		}
	}
	if got := s.Shown(float64(float32(0.524401))); got != 8 {
		t.Errorf("shown as %v", got)
	}
}

// TestQuantilesComeBack: the inverse is exact but for the rounding of float32, with more rows than knots, ties and a long tail.
func TestQuantilesComeBack(t *testing.T) {
	var numbers []float64
	for i := range 5000 {
		numbers = append(numbers, math.Exp(float64((i*7919)%5000)/500)-1, 0)
	}
	s := column.Scalings["quantile"](numbers)
	text, err := json.Marshal(s)
	var read column.Scaling
	if err != nil || json.Unmarshal(text, &read) != nil {
		t.Fatal(err)
	}
	last := math.Inf(-1)
	for x := 0.0; x < 22000; x = x*1.01 + 0.01 {
		y, _ := s.Apply(x)
		if back := read.Undo(float64(y)); math.Abs(back-x) > 1e-5*(1+x) || float64(y) <= last {
			t.Errorf("%v becomes %v (after %v) and comes back as %v", x, y, last, back)
		}
		last = float64(y)
	}
	for _, damaged := range []string{`[]`, `[[1,2]]`, `[[1,2],[1,3]]`, `[[1,2],[2,1]]`, `[[1],["a"]]`} {
		if json.Unmarshal([]byte(`{"scale":1,"quantiles":`+damaged+`}`), &read) == nil {
			t.Errorf("%s is read", damaged)
		}
	}
}

// TestQuantilesOfColumns: inputs and targets take normalize: quantile; a column without different numbers is only shifted.
func TestQuantilesOfColumns(t *testing.T) {
	csv := tableOf("money,flat,y", func(i int) string { return fmt.Sprintf("%.3f,7,%.3f", math.Exp(float64(i)/4), math.Exp(float64(i)/8)) })
	d, problems := datasettest.LoadTable(t, csv, "inputs: [{columns: [money, flat], type: number, normalize: quantile}], target: {column: y, normalize: quantile}")
	if problems != "" || datasettest.Noted(d, "long tail") {
		t.Fatal(problems, d.Notes)
	}
	b := d.Schema.NewBatch(60)
	d.Train.FillFrom(b, 0, 60)
	back := make([]float64, 60)
	d.Schema.Heads[0].Denormalized(back, b.Heads[0].Floats)
	for i, row := range datasettest.Floats(d.Schema, d.Train, 0) {
		if row[0] != b.Heads[0].Floats[i] || row[1] != 0 { // both rise from row to row
			t.Fatalf("row %d: %v, target %v", i, row, b.Heads[0].Floats[i])
		}
		if want := math.Exp(float64(i) / 8); math.Abs(back[i]-want) > 1e-3+1e-5*want {
			t.Errorf("row %d: %v comes back as %v", i, want, back[i])
		}
	}
	if _, _, linear := d.Schema.Heads[0].Scaling.Linear(0); linear {
		t.Error("quantiles are no straight line")
	}
	_, problems = datasettest.LoadTable(t, csv, "inputs: [{column: money, type: series, normalize: quantile}], target: y")
	if !strings.Contains(problems, "normalize") {
		t.Errorf("a series: %s", problems)
	}
}
