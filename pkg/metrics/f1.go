package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("f1", "harmonic mean of precision and recall", &F1{}).Also("f_1", "f1_score")
}

// F1 is the harmonic mean of precision and recall:
//
//	F1 = 2·TP / (2·TP + FP + FN)
//
// Averages are taken over the F1 of each class, not from averaged precision and recall.
//
// Source: scikit-learn, f1_score; van Rijsbergen 1979. Neither true nor predicted: 0 (zero_division=0). Undefined (NaN):
// no rows.
type F1 struct {
	Averaging `spec:",inline"`
}

// Fits wants classes or labels.
func (m *F1) Fits(t task.Head) error { return m.fits("f1", t) }

// New counts confusions.
func (m *F1) New(t task.Head) Accumulator {
	return m.accumulate(t, func(k Counts) float64 { return fBeta(k, 1) })
}
