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
// Source: scikit-learn, recall_score. No row of the class: 0 (zero_division=0). Undefined (NaN): no rows.
type Recall struct {
	Averaging `spec:",inline"`
}

// Fits wants classes or labels.
func (m *Recall) Fits(t task.Head) error { return m.fits("recall", t) }

// New counts confusions.
func (m *Recall) New(t task.Head) Accumulator {
	return m.accumulate(t, func(k Counts) float64 { return quotient(k.TP, k.Support()) })
}
