package op

import (
	"math"

	"dnn/internal/kernel/optim"
	"dnn/pkg/graph"
)

// AdagradAttrs are the settings of Adagrad.
type AdagradAttrs struct {
	LRDecay  float64 // the learning rate is divided by 1 + (step-1)·LRDecay
	Eps      float64
	Initial  float64 // first value of the sum of squares
	Segments []Segment
}

var adagradOp graph.Op

// AdagradUpdate is Adagrad (Duchi et al. 2011). For each segment, with g the scaled gradient + decay·p and rate the learning
// rate times the segment's factor, over 1 + (step-1)·lr_decay,
//
//	h = h + g²
//	p = p - rate·g/(√h + eps)
//
// Slots: sum. It returns the new parameters and slots.
func AdagradUpdate(b *graph.Builder, u Update, slots []*graph.Value, a AdagradAttrs) []*graph.Value {
	return u.add(b, &adagradOp, a, slots)
}

// Slots lists what the rule keeps beside n parameters.
func (a AdagradAttrs) Slots(n int) []Slot {
	return []Slot{{Name: "sum", Size: n, Init: a.Initial}}
}

func (a AdagradAttrs) segments() []Segment { return a.Segments }
func (a AdagradAttrs) check() error        { return nil }

func (a AdagradAttrs) rate(lr float64, step int) float64 {
	return lr / (1 + float64(float64(step-1)*a.LRDecay))
}

func init() {
	adagradOp = update[AdagradAttrs]{
		doc: "Adagrad: steps divided by the root of all squared gradients so far",
		kernel: func(a AdagradAttrs, s piece[float32]) {
			optim.Adagrad(s.p, s.g, s.slot[0], float32(a.rate(s.lr, s.step)), float32(a.Eps), float32(s.decay), s.gscale)
		},
		eval: func(a AdagradAttrs, s piece[float64]) {
			for i, p := range s.p {
				g := s.g[i]*s.gscale + s.decay*p
				s.slot[0][i] += g * g
				s.p[i] = p - a.rate(s.lr, s.step)*g/(math.Sqrt(s.slot[0][i])+a.Eps)
			}
		},
		flops: 12,
		cases: []AdagradAttrs{
			{Eps: 1e-10, Segments: exampleSegments},
			{Eps: 1e-6, LRDecay: 0.01, Segments: exampleSegments},
		},
	}.op("adagrad_update")
	graph.Ops.Register(adagradOp.Name, adagradOp.Doc, &adagradOp)
}
