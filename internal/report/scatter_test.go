package report

import "testing"

// Few rows whose predictions lie about the true values are all within the frame, and one gone astray does not press the
// others together.
func TestAxesHoldPredictions(t *testing.T) {
	pairs := []point{{10, 14}, {12, 7}, {13, 12}, {11, 19}}
	_, y, _ := squareAxes(pairs)
	if _, outside := clip(pairs, &y); outside != 0 || y.lo > 7 || y.hi < 19 {
		t.Errorf("%d predictions lie beyond the frame from %v to %v", outside, y.lo, y.hi)
	}
	pairs = append(pairs, point{12, 900})
	_, y, _ = squareAxes(pairs)
	if _, outside := clip(pairs, &y); outside != 1 || y.hi > 30 {
		t.Errorf("%d predictions lie beyond the frame to %v", outside, y.hi)
	}
	wide := []point{{1, 3}, {1e5, 4e5}, {100, -1}, {200, 300}}
	if _, y, _ = squareAxes(wide); !y.log || y.hi < 5.6 {
		t.Errorf("the axis of a wide range is %+v", y)
	}
}
