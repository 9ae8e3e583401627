package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("specificity", "of the rows not of a class, the share that was not taken for it", &Specificity{}).
		Also("tnr")
}

// Specificity is, of the rows that are not of a class, the share that was not taken for it (true negative rate):
//
//	specificity = TN / (TN + FP)
//
// Source: imbalanced-learn, specificity_score; in a binary task recall_score(pos_label=0) of scikit-learn. No row
// outside the class: 0 (zero_division=0). Undefined (NaN): no rows.
type Specificity struct {
	Averaging `spec:",inline"`
}

// Cases are examples of it.
func (*Specificity) Cases() []Case {
	return []Case{
		{"specificity", "binary", number(0.666667), number(0.8)},
		{"specificity", "category", number(0.85), number(0.820106)},
		{"specificity", "labels", number(1), number(1)},
	}
}

// Fits expects classes or labels.
func (m *Specificity) Fits(t task.Head) error { return m.fits("specificity", t) }

// New counts confusions.
func (m *Specificity) New(t task.Head) Accumulator {
	return m.accumulate(t, func(k Counts) float64 { return quotient(k.TN, k.TN+k.FP) })
}
