package op

import (
	"math"

	"dnn/internal/kernel/optim"
	"dnn/pkg/graph"
)

// AdadeltaAttrs are the settings of Adadelta.
type AdadeltaAttrs struct {
	Rho, Eps float64 // rho in [0, 1)
	Segments []Segment
}

var adadeltaOp graph.Op

// AdadeltaUpdate is Adadelta (Zeiler 2012). For each segment, with g the scaled gradient + decay·p and rate the learning rate
// times the segment's factor,
//
//	v = rho·v + (1-rho)·g²
//	d = √(u+eps)/√(v+eps)·g
//	u = rho·u + (1-rho)·d²
//	p = p - rate·d
//
// Slots: square_avg (v), acc_delta (u). It returns the new parameters and slots.
func AdadeltaUpdate(b *graph.Builder, u Update, slots []*graph.Value, a AdadeltaAttrs) []*graph.Value {
	return u.add(b, &adadeltaOp, a, slots)
}

// Slots lists what the rule keeps beside n parameters.
func (a AdadeltaAttrs) Slots(n int) []Slot {
	return []Slot{{Name: "square_avg", Size: n}, {Name: "acc_delta", Size: n}}
}

func (a AdadeltaAttrs) segments() []Segment { return a.Segments }
func (a AdadeltaAttrs) check() error        { return fraction("rho", a.Rho) }

func init() {
	adadeltaOp = update[AdadeltaAttrs]{
		doc: "Adadelta: steps in the unit of the parameters themselves",
		kernel: func(a AdadeltaAttrs, s piece[float32]) {
			optim.Adadelta(s.p, s.g, s.slot[0], s.slot[1], float32(s.lr), float32(a.Rho), float32(a.Eps), float32(s.decay), s.gscale)
		},
		eval: func(a AdadeltaAttrs, s piece[float64]) {
			v, u := s.slot[0], s.slot[1]
			for i, p := range s.p {
				g := s.g[i]*s.gscale + s.decay*p
				v[i] = a.Rho*v[i] + (1-a.Rho)*g*g
				d := math.Sqrt(u[i]+a.Eps) / math.Sqrt(v[i]+a.Eps) * g
				u[i] = a.Rho*u[i] + (1-a.Rho)*d*d
				s.p[i] = p - s.lr*d
			}
		},
		flops: 24,
		cases: []AdadeltaAttrs{{Rho: 0.9, Eps: 1e-6, Segments: exampleSegments}},
	}.op("adadelta_update")
	graph.Ops.Register(adadeltaOp.Name, adadeltaOp.Doc, &adadeltaOp)
}
