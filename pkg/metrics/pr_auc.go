package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("pr_auc", "average precision: area under the curve of precision over recall", &PRAUC{}).
		Also("auprc", "average_precision")
}

// PRAUC is the average precision, the area under the curve of precision over recall as a step function. There is no
// interpolation between points, since that would be too favourable:
//
//	pr_auc = Σₙ (Rₙ − Rₙ₋₁)·Pₙ   over the distinct thresholds, falling
//
// With several classes each is taken against the rest. It takes n·log n time, and keeps every score.
//
// Source: scikit-learn, average_precision_score; Davis and Goadrich 2006 on interpolation. No positive row: 0. Undefined
// (NaN): no rows.
type PRAUC struct {
	CurveAveraging `spec:",inline"`
}

// Cases are examples of it.
func (*PRAUC) Cases() []Case {
	return []Case{
		{"pr_auc", "binary", number(0.916667), number(0.9)},
		{"pr_auc", "category", number(0.916667), number(0.936508)},
		{"pr_auc", "labels", number(0.872222), number(0.835979)},
	}
}

// Fits expects classes or labels.
func (m *PRAUC) Fits(t task.Head) error { return m.fits("pr_auc", t) }

// New keeps scores.
func (m *PRAUC) New(t task.Head) Accumulator { return m.accumulate(t, averagePrecision) }

func averagePrecision(list []scored) float64 {
	var area sum
	var tp0 float64
	eachThreshold(list, func(tp, fp float64) {
		area.add(float64((tp - tp0) * (tp / (tp + fp))))
		tp0 = tp
	})
	return quotient(area.value(), tp0)
}
