package plot

import (
	"fmt"
	"strings"
	"testing"
)

// Further metrics have a panel each, the first of them; a chart of all would be too high.
func TestFurtherMetricsAreDrawn(t *testing.T) {
	c := Curves{Loss: Pair{Validation: []float64{2, 1}}, Metric: Pair{Name: "accuracy", Validation: []float64{0.5, 0.6}}, LearningRate: []float64{0.1, 0.2}}
	for i := range mostMore + 1 {
		c.More = append(c.More, Pair{Name: fmt.Sprintf("m%d", i), Validation: []float64{0.1, 0.2 * float64(i)}})
	}
	var names []string
	for _, d := range c.panels() {
		names = append(names, d.name)
	}
	if got := strings.Join(names, " "); got != "loss accuracy m0 m1 m2 m3 learning rate" {
		t.Error(got)
	}
	c.More[0].Validation = []float64{1, 2, 3}
	if epochs, err := c.epochs(); err != nil || len(epochs) != 3 {
		t.Errorf("%v, %v", epochs, err)
	}
}
