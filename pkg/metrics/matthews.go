package metrics

import (
	"math"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("matthews", "correlation of predicted and true classes, from -1 to 1", &Matthews{}).
		Also("mcc")
}

// Matthews is the correlation coefficient of predicted and true classes, R_K for K classes. With t and p the weights of
// the true and predicted rows of each class, c that of the rows predicted right, s that of all:
//
//	matthews = (c·s − t·p) / √((s² − p·p)·(s² − t·t))
//
// Source: scikit-learn, matthews_corrcoef; Gorodkin 2004, "Comparing two K-category assignments by a K-category
// correlation coefficient", equation 8. All rows of one class, or predicted so: 0. Undefined (NaN): no rows.
type Matthews struct{}

// Cases are examples of it.
func (*Matthews) Cases() []Case {
	return []Case{
		{"matthews", "binary", number(0.333333), number(0.218218)},
		{"matthews", "category", number(0.522233), number(0.432063)},
	}
}

// Fits expects one class per row.
func (m *Matthews) Fits(t task.Head) error { return needsOneClass("matthews", t) }

// Goal is Higher.
func (m *Matthews) Goal() Goal { return Higher }

// New counts confusions.
func (m *Matthews) New(t task.Head) Accumulator {
	return fromConfusion(t, func(c *Confusion) float64 {
		var s, tp, tt, pp float64
		for _, k := range c.OneVsRest() {
			s += k.Support()
			tp += float64(k.Support() * k.Predicted())
			tt += float64(k.Support() * k.Support())
			pp += float64(k.Predicted() * k.Predicted())
		}
		square := float64(s * s)
		spread := (square - pp) * (square - tt)
		if spread == 0 {
			return 0
		}
		return (float64(c.exact*s) - tp) / math.Sqrt(spread)
	})
}
