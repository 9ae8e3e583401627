package loss

import (
	"math"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/task"
)

// The distances are those of the formulas in their doc comment, computed by hand.
func TestDistilled(t *testing.T) {
	const temperature = 2
	softmax := func(z ...float64) (p []float64) {
		sum := 0.0
		for _, x := range z {
			sum += math.Exp(x / temperature)
		}
		for _, x := range z {
			p = append(p, math.Exp(x/temperature)/sum)
		}
		return p
	}
	sigmoid := func(x float64) float64 { return 1 / (1 + math.Exp(-x/temperature)) }
	kl := func(p, q []float64) (sum float64) {
		for i := range p {
			if p[i] > 0 {
				sum += p[i] * math.Log(p[i]/q[i])
			}
		}
		return sum
	}
	yes := func(p, q float64) float64 { return kl([]float64{p, 1 - p}, []float64{q, 1 - q}) }
	for _, c := range []struct {
		loss        string
		head        task.Head
		out, taught []float64
		want        float64
	}{
		{"cross_entropy", species, []float64{1, -2, 0.5}, []float64{0.7, 0.3, 0}, 4 * kl([]float64{0.7, 0.3, 0}, softmax(1, -2, 0.5))},
		{"cross_entropy", species, []float64{1, -2, 0.5}, softmax(1, -2, 0.5), 0},
		{"binary_cross_entropy", income, []float64{1.5}, []float64{0.25}, 4 * yes(0.25, sigmoid(1.5))},
		{"binary_cross_entropy", labels, []float64{1.5, -1, 0}, []float64{0.25, 1, 0.5}, 4 * (yes(0.25, sigmoid(1.5)) + yes(1, sigmoid(-1)) + yes(0.5, sigmoid(0))) / 3},
		{"mse", shares, []float64{1, 2, 3}, []float64{1, 1, 5}, 5.0 / 3},
		{"mae", price, []float64{3}, []float64{1}, 4},
	} {
		l := parse(t, c.loss)
		b := graph.NewBuilder()
		n := len(c.out)
		each := Distilled(l, b, c.head, b.Input("out", graph.Floats(1, n)), b.Input("taught", graph.Floats(1, n)), temperature)
		b.SetOutput("loss", each)
		g, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		got := exec.Evaluate(g, map[string]graph.Ref{"out": {F: c.out}, "taught": {F: c.taught}})[each].F
		if len(got) != 1 || math.Abs(got[0]-c.want) > 1e-9 {
			t.Errorf("%s of %v by %v: %v, want %v", c.loss, c.out, c.taught, got, c.want)
		}
	}
	if Teaches(parse(t, "hinge"), species) || Teaches(parse(t, "cross_entropy"), letters) || !Teaches(parse(t, "quantile"), price) {
		t.Error("the wrong losses teach")
	}
}
