package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("accuracy", "share of rows predicted right (multi_label: right in every label)", &Accuracy{}).
		Also("acc")
}

// Accuracy is the weighted share of rows whose prediction equals the label:
//
//	accuracy = Σ wᵢ·[ŷᵢ = yᵢ] / Σ wᵢ
//
// In a multi_label task a row counts when all its labels are right (subset accuracy, exact match).
//
// Source: scikit-learn, accuracy_score. Undefined (NaN): no rows, or no weight.
type Accuracy struct{}

// Cases are examples of it.
func (*Accuracy) Cases() []Case {
	return []Case{
		{"accuracy", "binary", number(0.666667), number(0.6)},
		{"accuracy", "category", number(0.666667), number(0.6)},
		{"accuracy", "labels", number(0.5), number(0.3)},
	}
}

// Fits expects classes or labels.
func (m *Accuracy) Fits(t task.Head) error { return needsClasses("accuracy", t) }

// Goal is Higher.
func (m *Accuracy) Goal() Goal { return Higher }

// DefaultPlace is the first for classes and labels, but those of sequences that are generated.
func (*Accuracy) DefaultPlace(t task.Head) int {
	return placed(needsClasses("", t) == nil && !t.Generated(), 1)
}

// New counts confusions.
func (m *Accuracy) New(t task.Head) Accumulator {
	return fromConfusion(t, func(c *Confusion) float64 { return c.exact / c.weight })
}
