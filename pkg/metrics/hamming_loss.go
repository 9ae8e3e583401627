package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("hamming_loss", "share of labels that are wrong", &HammingLoss{}).
		Also("hamming")
}

// HammingLoss is the weighted share of all labels of all rows that are wrong; with one class for each row, the share of rows that are:
//
//	hamming_loss = Σ wᵢ·|{j: ŷᵢⱼ ≠ yᵢⱼ}| / (L · Σ wᵢ)
//
// Source: scikit-learn, hamming_loss. Undefined (NaN): no rows, or no weight.
type HammingLoss struct{}

// Cases are examples of it.
func (*HammingLoss) Cases() []Case {
	return []Case{
		{"hamming_loss", "binary", number(0.333333), number(0.4)},
		{"hamming_loss", "category", number(0.333333), number(0.4)},
		{"hamming_loss", "labels", number(0.166667), number(0.233333)},
	}
}

// Fits expects classes or labels.
func (m *HammingLoss) Fits(t task.Head) error { return needsClasses("hamming_loss", t) }

// Goal is Lower.
func (m *HammingLoss) Goal() Goal { return Lower }

// New counts confusions.
func (m *HammingLoss) New(t task.Head) Accumulator {
	return fromConfusion(t, func(c *Confusion) float64 {
		if t.Kind != task.Labels {
			return 1 - c.exact/c.weight
		}
		wrong := 0.0
		for _, k := range c.OneVsRest() {
			wrong += k.FP + k.FN
		}
		return wrong / (float64(len(c.labels)) * c.weight)
	})
}
