package op

import (
	"dnn/internal/kernel/optim"
	"dnn/pkg/graph"
)

// LionAttrs are the settings of Lion.
type LionAttrs struct {
	Beta1, Beta2 float64 // in [0, 1)
	Segments     []Segment
}

var lionOp graph.Op

// LionUpdate is Lion (Chen et al. 2023). For each segment, with g the scaled gradient and rate the learning rate times the
// segment's factor,
//
//	p = p·(1 - rate·decay) - rate·sign(beta1·m + (1-beta1)·g)
//	m = beta2·m + (1-beta2)·g
//
// Slots: exp_avg (m). It returns the new parameters and slots.
func LionUpdate(b *graph.Builder, u Update, slots []*graph.Value, a LionAttrs) []*graph.Value {
	return u.add(b, &lionOp, a, slots)
}

// Slots lists what the rule keeps beside n parameters.
func (a LionAttrs) Slots(n int) []Slot { return []Slot{{Name: "exp_avg", Size: n}} }

func (a LionAttrs) segments() []Segment { return a.Segments }
func (a LionAttrs) check() error        { return checkBetas(a.Beta1, a.Beta2) }

func init() {
	lionOp = update[LionAttrs]{
		doc: "Lion: steps of one size in the direction of a running mean's sign",
		kernel: func(a LionAttrs, s piece[float32]) {
			optim.Lion(s.p, s.g, s.slot[0], float32(s.lr), float32(a.Beta1), float32(a.Beta2), float32(s.decay), s.gscale)
		},
		eval: func(a LionAttrs, s piece[float64]) {
			m := s.slot[0]
			for i := range s.p {
				p, g := decayed(s.p[i], s.g[i], s.gscale, s.lr, s.decay, true)
				switch c := a.Beta1*m[i] + (1-a.Beta1)*g; {
				case c > 0:
					p -= s.lr
				case c < 0:
					p += s.lr
				}
				s.p[i], m[i] = p, a.Beta2*m[i]+(1-a.Beta2)*g
			}
		},
		flops: 12,
		cases: []LionAttrs{{Beta1: 0.9, Beta2: 0.99, Segments: exampleSegments}},
	}.op("lion_update")
	graph.Ops.Register(lionOp.Name, lionOp.Doc, &lionOp)
}
