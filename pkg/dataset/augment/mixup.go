package augment

func init() {
	Registry.Register("mixup", "lays another image of the batch over this one, and mixes what is to be predicted", &Mixup{}).
		Also("mix_up")
}

// Mixup shows two images of a batch at once and asks for both labels, in shares λ and 1-λ:
//
//	x = λ·x₁ + (1-λ)·x₂,   loss = λ·loss(y₁) + (1-λ)·loss(y₂),   λ from Beta(alpha, alpha)
//
// λ is drawn for each row, the other row by a permutation of the batch. It mixes finished images, so it comes at the end
// of the list; of several mixing kinds each row draws one. The net must have images for its only input. The loss of
// training is that of the mixture: it stays above that of validation.
//
// Source: Zhang et al. 2018, "mixup: Beyond empirical risk minimization", equation 1.
type Mixup struct {
	anyImage
	Alpha       float64 `default:"0.2" range:"(0,100]" doc:"small: mostly one of both; 1: every share alike; large: half and half"`
	Probability float64 `default:"1" range:"[0,1]" doc:"share of the rows that are mixed"`
}

// Cases are examples of it.
func (*Mixup) Cases() []string {
	return []string{"mixup", "{type: mixup, alpha: 30}", "{type: mixup, alpha: 0.001, probability: 0.5}"}
}

// Mix lays other over own.
func (m *Mixup) Mix(own, other []float32, _ []int, r *Random) (share float32) {
	if !r.happens(m.Probability) {
		return 1
	}
	share = float32(r.beta(m.Alpha))
	rest := 1 - share
	other = other[:len(own)]
	for i, v := range own {
		own[i] = float32(share*v) + float32(rest*other[i])
	}
	return share
}
