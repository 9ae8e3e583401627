package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("recall", "of the rows of a class, the share that was found", &Recall{}).
		Also("sensitivity", "tpr")
}

// Recall is, of the rows that are of a class, the share that was taken for it (sensitivity, true positive rate):
//
//	recall = TP / (TP + FN)
//
// Source: scikit-learn, recall_score. No row of the class: 0 (zero_division=0). Undefined (NaN): no rows; with
// average binary, no positive row.
type Recall struct {
	Averaging `spec:",inline"`
}

// Cases are examples of it.
func (*Recall) Cases() []Case {
	return []Case{
		{"recall", "binary", number(0.666667), number(0.4)},
		{"recall", "category", number(0.722222), number(0.722222)},
		{"recall", "labels", number(0.611111), number(0.5)},
	}
}

// Fits expects classes or labels.
func (m *Recall) Fits(t task.Head) error { return m.fits("recall", t) }

// DefaultPlace is the third for two classes.
func (*Recall) DefaultPlace(t task.Head) int { return placed(t.Kind == task.Binary, 3) }

// New counts confusions.
func (m *Recall) New(t task.Head) Accumulator {
	return m.ofPositives(t, func(k Counts) float64 { return quotient(k.TP, k.Support()) })
}
