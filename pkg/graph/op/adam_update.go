package op

import (
	"math"

	"dnn/internal/kernel/optim"
	"dnn/pkg/graph"
)

// AdamAttrs are the settings of Adam and its kin.
type AdamAttrs struct {
	Beta1, Beta2, Eps float64 // betas in [0, 1)
	AMSGrad           bool
	Decoupled         bool // weight decay acts on the weights, not through the gradient: AdamW
	Segments          []Segment
}

var adamOp graph.Op

// AdamUpdate is Adam (Kingma & Ba 2015), with the variants AMSGrad (Reddi et al. 2018) and AdamW (Loshchilov & Hutter 2019).
// For each segment, with g the scaled gradient, rate the learning rate times the segment's factor and t the step,
//
//	g = g + decay·p, or decoupled p = p·(1 - rate·decay)
//	m = beta1·m + (1-beta1)·g
//	v = beta2·v + (1-beta2)·g²
//	w = v, or with AMSGrad the largest v so far
//	p = p - rate·m/(1-beta1ᵗ) / (√(w/(1-beta2ᵗ)) + eps)
//
// Slots: exp_avg (m), exp_avg_sq (v), with AMSGrad max_exp_avg_sq. It returns the new parameters and slots.
func AdamUpdate(b *graph.Builder, u Update, slots []*graph.Value, a AdamAttrs) []*graph.Value {
	return u.add(b, &adamOp, a, slots)
}

// Slots lists what the rule keeps beside n parameters.
func (a AdamAttrs) Slots(n int) []Slot {
	s := []Slot{{Name: "exp_avg", Size: n}, {Name: "exp_avg_sq", Size: n}}
	if a.AMSGrad {
		s = append(s, Slot{Name: "max_exp_avg_sq", Size: n})
	}
	return s
}

func (a AdamAttrs) segments() []Segment { return a.Segments }
func (a AdamAttrs) check() error        { return checkBetas(a.Beta1, a.Beta2) }

func checkBetas(beta1, beta2 float64) error {
	if err := fraction("beta1", beta1); err != nil {
		return err
	}
	return fraction("beta2", beta2)
}

// unbias is 1-βᵗ, what a running mean that began at zero lacks after t steps. The conversion forbids a fused operation.
func unbias(beta float64, t int) float64 { return 1 - float64(power(beta, t)) }

// decayed applies weight decay in float64: it returns the parameter and the gradient.
func decayed(p, g, gscale, lr, decay float64, decoupled bool) (float64, float64) {
	if decoupled {
		return p * (1 - lr*decay), g * gscale
	}
	return p, g*gscale + decay*p
}

func init() {
	adamOp = update[AdamAttrs]{
		doc: "Adam, AMSGrad and AdamW: steps of the running mean over the root of the running mean square",
		kernel: func(a AdamAttrs, s piece[float32]) {
			optim.Adam(s.p, s.g, s.slot[0], s.slot[1], s.slot[2], optim.AdamParams{
				LR: float32(s.lr), Beta1: float32(a.Beta1), Beta2: float32(a.Beta2), Eps: float32(a.Eps),
				WeightDecay: float32(s.decay), Decoupled: a.Decoupled, GScale: s.gscale,
				StepSize:            float32(s.lr / unbias(a.Beta1, s.step)),
				BiasCorrection2Sqrt: float32(math.Sqrt(unbias(a.Beta2, s.step))),
			})
		},
		eval: func(a AdamAttrs, s piece[float64]) {
			m, v, top := s.slot[0], s.slot[1], s.slot[2]
			for i := range s.p {
				p, g := decayed(s.p[i], s.g[i], s.gscale, s.lr, s.decay, a.Decoupled)
				m[i] = a.Beta1*m[i] + (1-a.Beta1)*g
				v[i] = a.Beta2*v[i] + (1-a.Beta2)*g*g
				w := v[i]
				if top != nil {
					top[i] = max(top[i], w)
					w = top[i]
				}
				s.p[i] = p - s.lr*m[i]/unbias(a.Beta1, s.step)/(math.Sqrt(w/unbias(a.Beta2, s.step))+a.Eps)
			}
		},
		flops: 20,
		cases: []AdamAttrs{
			{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, Segments: exampleSegments},
			{Beta1: 0.8, Beta2: 0.99, Eps: 1e-6, AMSGrad: true, Segments: exampleSegments},
			{Beta1: 0.9, Beta2: 0.95, Eps: 1e-8, Decoupled: true, Segments: exampleSegments},
		},
	}.op("adam_update")
	graph.Ops.Register(adamOp.Name, adamOp.Doc, &adamOp)
}
