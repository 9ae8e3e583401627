package compress

import (
	"math"
	"strings"
	"testing"
	"time"

	"dnn/pkg/compress/recipe"
	"dnn/pkg/spec"
)

func stage(size int64, accuracy, loss float64, latency time.Duration) Stage {
	f := Figures{Size: size, Latency1: latency, Scores: []Score{{"loss", &loss}, {"accuracy", &accuracy}}}
	if math.IsNaN(accuracy) {
		f.Scores[1].Value = nil
	}
	return Stage{Figures: f}
}

// The result is the last model that keeps all limits, compared with the figures before the first step.
func TestBudget(t *testing.T) {
	kb := func(n int) *spec.Bytes { return &spec.Bytes{N: n * 1000} }
	stages := []Stage{
		stage(900_000, 0.95, 0.2, 3*time.Millisecond), stage(500_000, 0.946, 0.21, 2*time.Millisecond), stage(400_000, 0.944, 0.22, 2*time.Millisecond),
		stage(300_000, 0.945, 0.19, time.Millisecond), stage(100_000, math.NaN(), 0.5, time.Millisecond),
	}
	for _, c := range []struct {
		budget recipe.Budget
		chosen int
		last   string
	}{
		{recipe.Budget{}, 4, ""},
		{recipe.Budget{MaxSize: kb(500)}, 4, ""},
		{recipe.Budget{MaxLossOf: map[string]float64{"accuracy": 0.005}}, 3, "accuracy is undefined"},
		{recipe.Budget{MaxLossOf: map[string]float64{"accuracy": 0.004, "loss": 0.015}}, 1, "accuracy is undefined; loss is worse by 0.3, more than 0.015"},
		{recipe.Budget{MaxLossOf: map[string]float64{"loss": 0}}, 3, "loss is worse by 0.3, more than 0"},
		{recipe.Budget{MaxLossOf: map[string]float64{"loss": 0.1}, MaxSize: kb(50)}, -1, "its file has 100,000 bytes, more than 50,000; loss is worse by 0.3, more than 0.1"},
		{recipe.Budget{MaxLatency: &spec.Duration{D: 500 * time.Microsecond}}, -1, "a row takes 1ms, more than 500µs"},
	} {
		res := Result{Stages: append([]Stage{}, stages...)}
		res.judge(&c.budget, map[string]bool{"accuracy": true})
		var said []string
		for _, b := range res.Stages[4].Breaks {
			said = append(said, b.String())
		}
		if text := strings.Join(said, "; "); res.Chosen != c.chosen || text != c.last {
			t.Errorf("%+v: %d, %q; expected %d, %q", c.budget, res.Chosen, text, c.chosen, c.last)
		}
	}
}
