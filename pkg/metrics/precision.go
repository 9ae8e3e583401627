package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("precision", "of the rows taken for a class, the share that is of it", &Precision{}).
		Also("ppv")
}

// Precision is, of the rows that were taken for a class, the share that is of it:
//
//	precision = TP / (TP + FP)
//
// Source: scikit-learn, precision_score. Never predicted: 0 (zero_division=0). Undefined (NaN): no rows; with average
// binary, no positive row.
type Precision struct {
	Averaging `spec:",inline"`
}

// Cases are examples of it.
func (*Precision) Cases() []Case {
	return []Case{
		{"precision", "binary", number(0.666667), number(0.666667)},
		{"precision", "category", number(0.666667), number(0.633333)},
		{"precision", "labels", number(1), number(1)},
	}
}

// Fits expects classes or labels.
func (m *Precision) Fits(t task.Head) error { return m.fits("precision", t) }

// DefaultPlace is the second for two classes.
func (*Precision) DefaultPlace(t task.Head) int { return placed(t.Kind == task.Binary, 2) }

// New counts confusions.
func (m *Precision) New(t task.Head) Accumulator {
	return m.ofPositives(t, func(k Counts) float64 { return quotient(k.TP, k.Predicted()) })
}
