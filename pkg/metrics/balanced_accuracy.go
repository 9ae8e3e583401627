package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("balanced_accuracy", "mean of the recall of each class", &BalancedAccuracy{})
}

// BalancedAccuracy is the mean of the recall of each class that occurs among the labels:
//
//	balanced_accuracy = 1/K · Σₖ TPₖ / (TPₖ + FNₖ)
//
// Source: scikit-learn, balanced_accuracy_score (adjusted=False). Undefined (NaN): no rows, or no weight.
type BalancedAccuracy struct{}

// Cases are examples of it.
func (*BalancedAccuracy) Cases() []Case {
	return []Case{
		{"balanced_accuracy", "binary", number(0.666667), number(0.6)},
		{"balanced_accuracy", "category", number(0.722222), number(0.722222)},
	}
}

// Fits expects one class per row.
func (m *BalancedAccuracy) Fits(t task.Head) error { return needsOneClass("balanced_accuracy", t) }

// Goal is Higher.
func (m *BalancedAccuracy) Goal() Goal { return Higher }

// New counts confusions.
func (m *BalancedAccuracy) New(t task.Head) Accumulator {
	return fromConfusion(t, func(c *Confusion) float64 {
		var recall mean
		for _, k := range c.OneVsRest() {
			if k.Support() > 0 {
				recall.add(k.TP/k.Support(), 1)
			}
		}
		return recall.value()
	})
}
