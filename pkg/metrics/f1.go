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
// no rows; with average binary, no positive row.
type F1 struct {
	Averaging `spec:",inline"`
}

// Cases are examples of it.
func (*F1) Cases() []Case {
	return []Case{
		{"f1", "binary", number(0.666667), number(0.5)},
		{"f1", "category", number(0.655556), number(0.611111)},
		{"f1", "labels", number(0.755556), number(0.666667)},
	}
}

// Fits expects classes or labels.
func (m *F1) Fits(t task.Head) error { return m.fits("f1", t) }

// DefaultPlace is behind accuracy for classes and labels, but those of sequences that are generated.
func (*F1) DefaultPlace(t task.Head) int {
	return placed(needsClasses("", t) == nil && !t.Generated(), 4)
}

// New counts confusions.
func (m *F1) New(t task.Head) Accumulator {
	return m.ofPositives(t, func(k Counts) float64 { return fBeta(k, 1) })
}
