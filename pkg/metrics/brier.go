package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("brier", "mean squared difference of probability and label", &Brier{})
}

// Brier is the mean squared difference of the predicted probabilities and the labels (1 for what is, 0 for what is not):
//
//	binary:      Σ wᵢ·(pᵢ − yᵢ)² / Σ wᵢ                    from 0 to 1;   multi_label: the same, and the mean over labels
//	multi_class: Σ wᵢ·Σₖ (pᵢₖ − [yᵢ = k])² / Σ wᵢ          from 0 to 2; halved for two classes, to agree with binary
//
// Source: scikit-learn, brier_score_loss (scale_by_half="auto"); Brier 1950. Undefined (NaN): no rows, or no weight.
type Brier struct{}

// Cases are examples of it.
func (*Brier) Cases() []Case {
	return []Case{
		{"brier", "binary", number(0.145), number(0.164)},
		{"brier", "category", number(0.393333), number(0.436)},
		{"brier", "labels", number(0.164444), number(0.198667)},
	}
}

// Fits expects classes or labels.
func (m *Brier) Fits(t task.Head) error { return needsClasses("brier", t) }

// Goal is Lower.
func (m *Brier) Goal() Goal { return Lower }

// New sums up squares.
func (m *Brier) New(t task.Head) Accumulator {
	return &penalty{task: t, row: func(t task.Head, pred []float64, truth func(int) bool) float64 {
		score := 0.0
		for j, p := range pred {
			if truth(j) {
				p--
			}
			score += float64(p * p)
		}
		if t.Kind == task.Labels || t.Kind == task.Category && len(pred) == 2 {
			score /= float64(len(pred))
		}
		return score
	}}
}
