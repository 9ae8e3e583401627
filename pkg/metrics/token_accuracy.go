package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("token_accuracy", "share of the steps of all sequences predicted right", &TokenAccuracy{})
}

// TokenAccuracy is the weighted share of steps whose prediction equals the label, over all sequences. Of a text it is the share
// of tokens that are right after the right ones before them:
//
//	token_accuracy = Σ wᵢ·[ŷᵢ = yᵢ] / Σ wᵢ
//
// It is accuracy, which counts steps as rows, for targets with a label for each step. Steps beyond the end of a row do not
// count.
//
// Undefined (NaN): no steps, or no weight.
type TokenAccuracy struct{}

// Cases are examples of it.
func (*TokenAccuracy) Cases() []Case {
	return []Case{
		{"token_accuracy", "binary along a sequence", number(0.666667), number(0.6)},
		{"token_accuracy", "category along a sequence", number(0.666667), number(0.6)},
	}
}

// Fits expects one class for each step.
func (m *TokenAccuracy) Fits(t task.Head) error {
	if err := needsOneClass("token_accuracy", t); err != nil {
		return err
	}
	return needsSteps("token_accuracy", t)
}

// Goal is Higher.
func (m *TokenAccuracy) Goal() Goal { return Higher }

// DefaultPlace is the second for sequences that are generated.
func (*TokenAccuracy) DefaultPlace(t task.Head) int {
	return placed(t.Kind == task.Category && t.Generated(), 2)
}

// New counts confusions.
func (m *TokenAccuracy) New(t task.Head) Accumulator { return (&Accuracy{}).New(t) }
