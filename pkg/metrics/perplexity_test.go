package metrics

import (
	"math"
	"testing"

	"dnn/pkg/task"
)

// TestTokenFigures: perplexity and bits are read off the log loss, and token accuracy is the accuracy of all steps.
func TestTokenFigures(t *testing.T) {
	for _, c := range loadCases(t) {
		head := c.task()
		if head.Kind != task.Category {
			continue
		}
		loss := compute(parse(t, "log_loss")[0], head, c.batch()).Value
		if got := compute(&Perplexity{}, head, c.batch()).Value; !near(got, math.Exp(loss), 1e-12) {
			t.Errorf("%s: a perplexity of %v with a loss of %v", c.Name, got, loss)
		}
		if got := compute(&BitsPerToken{}, head, c.batch()).Value; !near(got, loss/math.Ln2, 1e-12) {
			t.Errorf("%s: %v bits with a loss of %v", c.Name, got, loss)
		}
		if c.Steps != nil {
			if got, want := compute(&TokenAccuracy{}, head, c.batch()), compute(&Accuracy{}, head, c.batch()); !identical(got, want) {
				t.Errorf("%s: %v of the tokens are right, and %v of the steps", c.Name, got.Value, want.Value)
			}
		}
	}
}
