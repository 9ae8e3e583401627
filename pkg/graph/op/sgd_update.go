package op

import (
	"dnn/internal/kernel/optim"
	"dnn/pkg/graph"
)

// SGDAttrs are the settings of stochastic gradient descent.
type SGDAttrs struct {
	Momentum  float64 // in [0, 1); 0 means none, and no slot
	Dampening float64 // in [0, 1)
	Nesterov  bool
	Segments  []Segment
}

var sgdOp graph.Op

// SGDUpdate is stochastic gradient descent with momentum (Sutskever et al. 2013). For each segment, with g the scaled
// gradient + decay·p and rate the learning rate times the segment's factor,
//
//	m = g at the first step, then momentum·m + (1-dampening)·g
//	p = p - rate·m, or with nesterov p - rate·(g + momentum·m)
//
// Slots: momentum_buffer, if there is momentum. It returns the new parameters and slots.
func SGDUpdate(b *graph.Builder, u Update, slots []*graph.Value, a SGDAttrs) []*graph.Value {
	return u.add(b, &sgdOp, a, slots)
}

// Slots lists what the rule keeps beside n parameters.
func (a SGDAttrs) Slots(n int) []Slot {
	if a.Momentum == 0 {
		return nil
	}
	return []Slot{{Name: "momentum_buffer", Size: n}}
}

func (a SGDAttrs) segments() []Segment { return a.Segments }

func (a SGDAttrs) check() error {
	if err := fraction("momentum", a.Momentum); err != nil {
		return err
	}
	return fraction("dampening", a.Dampening)
}

func init() {
	sgdOp = update[SGDAttrs]{
		doc: "stochastic gradient descent with momentum",
		kernel: func(a SGDAttrs, s piece[float32]) {
			optim.SGD(s.p, s.g, s.slot[0], float32(s.lr), float32(a.Momentum), float32(a.Dampening), float32(s.decay),
				a.Nesterov, s.step == 1, s.gscale)
		},
		eval: func(a SGDAttrs, s piece[float64]) {
			for i, p := range s.p {
				g := s.g[i]*s.gscale + s.decay*p
				d := g
				if m := s.slot[0]; m != nil {
					if s.step == 1 {
						m[i] = g
					} else {
						m[i] = a.Momentum*m[i] + (1-a.Dampening)*g
					}
					d = m[i]
					if a.Nesterov {
						d = g + a.Momentum*m[i]
					}
				}
				s.p[i] = p - s.lr*d
			}
		},
		flops: 8,
		cases: []SGDAttrs{
			{Segments: exampleSegments},
			{Momentum: 0.9, Segments: exampleSegments},
			{Momentum: 0.8, Nesterov: true, Segments: exampleSegments},
			{Momentum: 0.9, Dampening: 0.5, Segments: exampleSegments},
		},
	}.op("sgd_update")
	graph.Ops.Register(sgdOp.Name, sgdOp.Doc, &sgdOp)
}
