package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("f_beta", "weighted harmonic mean of precision and recall", &FBeta{})
}

// FBeta is the harmonic mean of precision and recall in which recall counts β times as much as precision:
//
//	Fβ = (1+β²)·TP / ((1+β²)·TP + FP + β²·FN)
//
// Source: scikit-learn, fbeta_score; van Rijsbergen 1979, chapter 7. Neither true nor predicted: 0 (zero_division=0).
// Undefined (NaN): no rows; with average binary, no positive row.
type FBeta struct {
	Beta      float64 `required:"true" range:"[0,)" doc:"how many times as much recall counts as precision"`
	Averaging `spec:",inline"`
}

// Cases are examples of it.
func (*FBeta) Cases() []Case {
	return []Case{
		{"{type: f_beta, beta: 2}", "binary", number(0.666667), number(0.434783)},
		{"{type: f_beta, beta: 2}", "category", number(0.68254), number(0.659041)},
		{"{type: f_beta, beta: 2}", "labels", number(0.661376), number(0.555556)},
	}
}

// Fits expects classes or labels.
func (m *FBeta) Fits(t task.Head) error { return m.fits("f_beta", t) }

// New counts confusions.
func (m *FBeta) New(t task.Head) Accumulator {
	return m.ofPositives(t, func(k Counts) float64 { return fBeta(k, m.Beta) })
}

func fBeta(k Counts, beta float64) float64 {
	b := float64(beta * beta)
	return quotient((1+b)*k.TP, float64(b*k.Support())+k.Predicted())
}
