package metrics

import (
	"math"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("roc_auc", "chance that a positive row scores higher than a negative one", &ROCAUC{}).
		Also("auc", "auroc")
}

// ROCAUC is the area under the curve of true over false positive rate, which is the chance that a positive row has a
// higher probability than a negative one, where ties count half:
//
//	roc_auc = Σₙ (FPRₙ − FPRₙ₋₁)·(TPRₙ + TPRₙ₋₁)/2   over the distinct thresholds, falling
//
// With several classes each is taken against the rest (one-vs-rest). It takes n·log n time, and keeps every score.
//
// Source: scikit-learn, roc_auc_score (multi_class="ovr"); Fawcett 2006, algorithm 3. Undefined (NaN): no positive or no
// negative row; in the macro mean when that holds for any class.
type ROCAUC struct {
	CurveAveraging `spec:",inline"`
}

// Cases are examples of it.
func (*ROCAUC) Cases() []Case {
	return []Case{
		{"roc_auc", "binary", number(0.888889), number(0.88)},
		{"roc_auc", "category", number(0.9375), number(0.944444)},
		{"roc_auc", "labels", number(0.856481), number(0.819444)},
	}
}

// Fits expects classes or labels.
func (m *ROCAUC) Fits(t task.Head) error { return m.fits("roc_auc", t) }

// DefaultPlace is the last for two classes.
func (*ROCAUC) DefaultPlace(t task.Head) int { return placed(t.Kind == task.Binary, 5) }

// New keeps scores.
func (m *ROCAUC) New(t task.Head) Accumulator { return m.accumulate(t, rocArea) }

func rocArea(list []scored) float64 {
	var area, tp0, fp0 float64
	eachThreshold(list, func(tp, fp float64) {
		area += float64((fp - fp0) * (tp + tp0) / 2)
		tp0, fp0 = tp, fp
	})
	if tp0 == 0 || fp0 == 0 {
		return math.NaN()
	}
	return area / (tp0 * fp0)
}
