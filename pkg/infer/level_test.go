package infer

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph/exec"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
)

// TestLevelComesBack: a net that says nothing predicts the level of each window, in the target's own unit, and its steps of
// training are fed that level too.
func TestLevelComesBack(t *testing.T) {
	var rows strings.Builder
	for i := range 20 {
		fmt.Fprintf(&rows, "%d\n", 100+10*i)
	}
	path := filepath.Join(t.TempDir(), "d.csv")
	if err := os.WriteFile(path, []byte("v\n"+rows.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	job, state := mustOpen(t, fmt.Sprintf(`
dataset:
  path: %s
  inputs: [{column: v, type: series, window: 3}]
  target: {column: v, type: series, horizon: 2, normalize: minmax}
  split: {validation: 0, test: 5}
layers: [flatten, {type: dense, units: targets, weight_init: zeros, bias_init: zeros}]
`, path), ""), exec.NewState()
	pool := parallel.New(1)
	defer pool.Close()
	var got []float64
	scores, err := Score(NewRunner(&job.Network, state, pool, true), job.Data.Test, Scoring{Compare: true, Each: func(_ int, b metrics.Batch) { got = append(got, b.Pred...) }})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{230, 230, 240, 240, 250, 250, 260, 260} {
		if math.Abs(got[i]-want) > 1e-3 {
			t.Fatal(got)
		}
	}
	if math.Abs(scores.Get("mae")-25) > 1e-3 || fmt.Sprint(scores.Heads[0].Baselines[0].Name) != "naive" {
		t.Error(scores)
	}
	g, err := job.TrainGraph(model.Rows(2), model.Alone)
	if err != nil || g.Input(model.FeedBase) == nil {
		t.Error(err, "a step of training is not told the level")
	}
}
