package loss

import (
	"fmt"
	"slices"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/task"
)

// Levels that were learned in the wrong order are predicted in theirs, each target by itself.
func TestQuantilesInOrder(t *testing.T) {
	l := parse(t, "{type: quantile, levels: [0.9, 0.1, 0.5]}").(Leveled)
	if l.Central() != 2 || !slices.Equal(l.Shares(), []float64{0.9, 0.1, 0.5}) {
		t.Errorf("central %d of %v", l.Central(), l.Shares())
	}
	head := task.Head{Kind: task.Number, Width: 2, Columns: names(2)}
	want := []string{"[6 9]", "[2 1]", "[5 3]"} // of [5 1], [2 9] and [6 3]
	for i := range 3 {
		b := graph.NewBuilder()
		x := b.Input("x", graph.Floats(1, 6))
		y := l.Level(i).Predict(b, head, x)
		b.SetOutput("y", y)
		g, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(exec.Evaluate(g, map[string]graph.Ref{"x": {F: []float64{5, 1, 2, 9, 6, 3}}})[y].F); got != want[i] {
			t.Errorf("level %d: %s, want %s", i, got, want[i])
		}
	}
}
