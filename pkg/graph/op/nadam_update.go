package op

import (
	"fmt"
	"math"

	"dnn/internal/kernel/optim"
	"dnn/pkg/graph"
)

// NAdamAttrs are the settings of NAdam.
type NAdamAttrs struct {
	Beta1, Beta2, Eps float64 // betas in [0, 1)
	MomentumDecay     float64 // in [0, 1]
	Decoupled         bool
	Segments          []Segment
}

var nadamOp graph.Op

// NAdamUpdate is Adam with Nesterov's momentum (Dozat 2016). With m and v as in AdamUpdate and
//
//	μₜ = beta1·(1 - ½·0.96^(t·momentum_decay)),  Πₜ = μ₁·…·μₜ
//
// it is
//
//	p = p - rate·(μₜ₊₁·m/(1-Πₜ₊₁) + (1-μₜ)·g/(1-Πₜ)) / (√(v/(1-beta2ᵗ)) + eps)
//
// Slots: exp_avg (m), exp_avg_sq (v), mu_product (Π, one element; at step 1 its old value counts as 1). It returns the new
// parameters and slots.
func NAdamUpdate(b *graph.Builder, u Update, slots []*graph.Value, a NAdamAttrs) []*graph.Value {
	return u.add(b, &nadamOp, a, slots)
}

// Slots lists what the rule keeps beside n parameters.
func (a NAdamAttrs) Slots(n int) []Slot {
	return []Slot{{Name: "exp_avg", Size: n}, {Name: "exp_avg_sq", Size: n}, {Name: "mu_product", Size: 1, Init: 1}}
}

func (a NAdamAttrs) segments() []Segment { return a.Segments }

func (a NAdamAttrs) check() error {
	if !(a.MomentumDecay >= 0 && a.MomentumDecay <= 1) {
		return fmt.Errorf("momentum_decay is %g, want 0 ≤ momentum_decay ≤ 1", a.MomentumDecay)
	}
	return checkBetas(a.Beta1, a.Beta2)
}

// mu is μₜ.
func (a NAdamAttrs) mu(t int) float64 {
	return a.Beta1 * (1 - float64(0.5*power(decayBase(a.MomentumDecay), t)))
}

// decayBase is 0.96ˣ for 0 ≤ x ≤ 1 by the series of the exponential function. math.Exp is not the same on all processors,
// and neither would this be without the conversions, which forbid fused operations.
func decayBase(x float64) float64 {
	const ln = -0.040821994520255129554577065155319870177 // ln 0.96
	z, sum := float64(x*ln), 1.0
	for i := 12; i > 0; i-- {
		sum = 1 + float64(sum*z/float64(i))
	}
	return sum
}

// next is Πₜ from the one before.
func (a NAdamAttrs) next(previous float64, t int) float64 {
	if t == 1 {
		previous = 1
	}
	return previous * a.mu(t)
}

// steps are the factors of the gradient and of the momentum.
func (a NAdamAttrs) steps(lr, previous float64, t int) (grad, moment float64) {
	now := a.next(previous, t)
	after := now * a.mu(t+1)
	return lr * (1 - float64(a.mu(t))) / (1 - float64(now)), lr * a.mu(t+1) / (1 - float64(after))
}

func init() {
	nadamOp = update[NAdamAttrs]{
		doc: "NAdam: Adam with Nesterov's look ahead",
		kernel: func(a NAdamAttrs, s piece[float32]) {
			grad, moment := a.steps(s.lr, s.number, s.step)
			optim.NAdam(s.p, s.g, s.slot[0], s.slot[1], optim.NAdamParams{
				LR: float32(s.lr), Beta1: float32(a.Beta1), Beta2: float32(a.Beta2), Eps: float32(a.Eps),
				WeightDecay: float32(s.decay), Decoupled: a.Decoupled, GScale: s.gscale,
				GradStep: float32(grad), MomentStep: float32(moment), BiasCorrection2: float32(unbias(a.Beta2, s.step)),
			})
		},
		eval: func(a NAdamAttrs, s piece[float64]) {
			m, v := s.slot[0], s.slot[1]
			grad, moment := a.steps(s.lr, s.number, s.step)
			for i := range s.p {
				p, g := decayed(s.p[i], s.g[i], s.gscale, s.lr, s.decay, a.Decoupled)
				m[i] = a.Beta1*m[i] + (1-a.Beta1)*g
				v[i] = a.Beta2*v[i] + (1-a.Beta2)*g*g
				s.p[i] = p - (grad*g+moment*m[i])/(math.Sqrt(v[i]/unbias(a.Beta2, s.step))+a.Eps)
			}
		},
		next:  NAdamAttrs.next,
		flops: 24,
		cases: []NAdamAttrs{
			{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, MomentumDecay: 0.004, Segments: exampleSegments},
			{Beta1: 0.8, Beta2: 0.99, Eps: 1e-8, MomentumDecay: 0.01, Decoupled: true, Segments: exampleSegments},
		},
	}.op("nadam_update")
	graph.Ops.Register(nadamOp.Name, nadamOp.Doc, &nadamOp)
}
