package plot

import (
	"strings"
	"testing"

	"dnn/pkg/metrics"
	"dnn/pkg/task"

	"dnn/internal/plot/canvas"
)

// Few rows whose predictions lie about the labels are all within the frame, and one far off does not press the
// others together.
func TestAxesHoldPredictions(t *testing.T) {
	pairs := canvas.Path(10, 14, 12, 7, 13, 12, 11, 19)
	_, y, _ := squareAxes(pairs)
	if _, outside := clip(pairs, &y); outside != 0 || y.lo > 7 || y.hi < 19 {
		t.Errorf("%d predictions lie beyond the frame from %v to %v", outside, y.lo, y.hi)
	}
	pairs = append(pairs, canvas.Point{X: 12, Y: 900})
	_, y, _ = squareAxes(pairs)
	if _, outside := clip(pairs, &y); outside != 1 || y.hi > 30 {
		t.Errorf("%d predictions lie beyond the frame to %v", outside, y.hi)
	}
	wide := canvas.Path(1, 3, 1e5, 4e5, 100, -1, 200, 300)
	if _, y, _ = squareAxes(wide); !y.log || y.hi < 5.6 {
		t.Errorf("the axis of a wide range is %+v", y)
	}
}

// The figures are those that the metrics have: of several outputs the means of theirs, not those of all pairs together.
func TestScatterFigures(t *testing.T) {
	truth, predicted := []float64{1, 10, 2, 30, 4, 20}, []float64{1, 13, 3, 26, 6, 20}
	s := Scatter{Labels: truth, Predicted: predicted, Outputs: 2}
	svg := string(s.drawing().SVG())
	set := metrics.NewSet([]metrics.Metric{&metrics.R2{}, &metrics.RMSE{}, &metrics.MAE{}}, task.Head{Kind: task.Number, Columns: []string{"y+1", "y+2"}})
	set.Add(metrics.Batch{Rows: 3, Labels: truth, Pred: predicted})
	for i, m := range set.Results() {
		want := []string{"R² ", "RMSE ", "mean absolute error "}[i] + short(roundDigits(m.Result.Value, 4)) + " "
		if !strings.Contains(svg, want) {
			t.Errorf("the chart does not say %q", want)
		}
	}
	if !strings.Contains(svg, "6 pairs  ·  means of 2 outputs") {
		t.Error("the chart does not say what its figures are means of")
	}
}
