package op

import (
	"math"

	"dnn/internal/kernel/optim"
	"dnn/pkg/graph"
)

// RMSpropAttrs are the settings of RMSprop.
type RMSpropAttrs struct {
	Alpha, Eps float64 // alpha in [0, 1)
	Momentum   float64 // in [0, 1); 0 means none, and no slot
	Centered   bool
	Segments   []Segment
}

var rmspropOp graph.Op

// RMSpropUpdate is RMSprop (Tieleman & Hinton 2012; centred by Graves 2013). For each segment, with g the scaled gradient +
// decay·p and rate the learning rate times the segment's factor,
//
//	v = alpha·v + (1-alpha)·g²
//	a = alpha·a + (1-alpha)·g, if centred
//	d = g/(√v + eps), or g/(√(v-a²) + eps)
//	m = momentum·m + d, if there is momentum
//	p = p - rate·(m or d)
//
// Slots: square_avg (v), momentum_buffer (m) if there is momentum, grad_avg (a) if centred. It returns the new parameters
// and slots.
func RMSpropUpdate(b *graph.Builder, u Update, slots []*graph.Value, a RMSpropAttrs) []*graph.Value {
	return u.add(b, &rmspropOp, a, slots)
}

// Slots lists what the rule keeps beside n parameters.
func (a RMSpropAttrs) Slots(n int) []Slot {
	s := []Slot{{Name: "square_avg", Size: n}}
	if a.Momentum != 0 {
		s = append(s, Slot{Name: "momentum_buffer", Size: n})
	}
	if a.Centered {
		s = append(s, Slot{Name: "grad_avg", Size: n})
	}
	return s
}

func (a RMSpropAttrs) segments() []Segment { return a.Segments }

func (a RMSpropAttrs) check() error {
	if err := fraction("momentum", a.Momentum); err != nil {
		return err
	}
	return fraction("alpha", a.Alpha)
}

// rmspropSlots tells the slots apart; absent ones are nil.
func rmspropSlots[F float32 | float64](a RMSpropAttrs, s piece[F]) (v, m, avg []F) {
	rest := s.slot[1:]
	if a.Momentum != 0 {
		m, rest = rest[0], rest[1:]
	}
	if a.Centered {
		avg = rest[0]
	}
	return s.slot[0], m, avg
}

func init() {
	rmspropOp = update[RMSpropAttrs]{
		doc: "RMSprop: steps divided by the root of a running mean of squared gradients",
		kernel: func(a RMSpropAttrs, s piece[float32]) {
			v, m, avg := rmspropSlots(a, s)
			optim.RMSprop(s.p, s.g, v, m, avg, float32(s.lr), float32(a.Alpha), float32(a.Eps), float32(s.decay), float32(a.Momentum), s.gscale)
		},
		eval: func(a RMSpropAttrs, s piece[float64]) {
			v, m, avg := rmspropSlots(a, s)
			for i, p := range s.p {
				g := s.g[i]*s.gscale + s.decay*p
				v[i] = a.Alpha*v[i] + (1-a.Alpha)*g*g
				square := v[i]
				if avg != nil {
					avg[i] = a.Alpha*avg[i] + (1-a.Alpha)*g
					square -= avg[i] * avg[i]
				}
				d := g / (math.Sqrt(square) + a.Eps)
				if m != nil {
					m[i] = a.Momentum*m[i] + d
					d = m[i]
				}
				s.p[i] = p - s.lr*d
			}
		},
		flops: 16,
		cases: []RMSpropAttrs{
			{Alpha: 0.99, Eps: 1e-8, Segments: exampleSegments},
			{Alpha: 0.9, Eps: 1e-8, Momentum: 0.9, Segments: exampleSegments},
			{Alpha: 0.9, Eps: 1e-6, Centered: true, Segments: exampleSegments},
			{Alpha: 0.9, Eps: 1e-6, Momentum: 0.5, Centered: true, Segments: exampleSegments},
		},
	}.op("rmsprop_update")
	graph.Ops.Register(rmspropOp.Name, rmspropOp.Doc, &rmspropOp)
}
