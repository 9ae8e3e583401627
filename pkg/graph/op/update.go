package op

import (
	"fmt"
	"math/rand/v2"

	"dnn/pkg/graph"
)

// Update is what every update rule reads besides its slots.
type Update struct {
	Params, Grads *graph.Value // flat arrays [n]
	LearningRate  *graph.Value // scalar
	GScale        *graph.Value // scalar that multiplies the gradient first: clipping, averaging
	Step          *graph.Value // integer scalar: 1 at the first update
}

// Segment is a range [Lo, Hi) of the flat array with a factor on the learning rate and a weight decay of its own. What
// lies in no segment keeps its value, and so do the slots next to it. Segments ascend and do not overlap.
type Segment struct {
	Lo, Hi      int
	Rate, Decay float64
}

// Slot is an array that an update rule keeps from step to step.
type Slot struct {
	Name string // as in torch.optim
	Size int
	Init float64 // of all elements, before the first step
}

// maxSlots is the largest number of slots of any rule.
const maxSlots = 3

// The inputs of an update. Slots come last, so that the places of the others do not depend on their number.
const (
	inParams = iota
	inGrads
	inLearningRate
	inGScale
	inStep
	inSlots
)

// add appends an update to the graph; it returns the new parameters, then the new slots.
func (u Update) add(b *graph.Builder, o *graph.Op, a any, slots []*graph.Value) []*graph.Value {
	in := []*graph.Value{u.Params, u.Grads, u.LearningRate, u.GScale, u.Step}
	return b.Add(o, a, append(in, slots...)...)
}

// rule is implemented by the attributes of each update.
type rule interface {
	// Slots lists what the rule keeps beside n parameters.
	Slots(n int) []Slot
	segments() []Segment
	check() error
}

// piece is a part of one segment, updated where it lies, with the scalars of the step.
type piece[F float32 | float64] struct {
	p, g   []F
	slot   [maxSlots][]F
	lr     float64 // with the segment's factor
	gscale F
	decay  float64
	step   int
	number float64 // for a rule with a slot that is a single number: its old value
}

// update is what tells one update rule from another. A is the type of its attributes.
type update[A rule] struct {
	doc    string
	kernel func(a A, s piece[float32])
	eval   func(a A, s piece[float64])
	// next is for a rule whose last slot is a single number: its next value.
	next  func(a A, number float64, step int) float64
	flops float64
	cases []A
}

func (u update[A]) op(name string) graph.Op {
	o := graph.Op{
		Name:    name,
		Doc:     u.doc,
		NoGrad:  "an update",
		Infer:   u.infer,
		Eval:    u.evalNode,
		Kernel:  u.prepare,
		InPlace: []graph.Alias{{Out: 0, In: inParams}},
		Cost:    cost(u.flops),
	}
	for i := range maxSlots {
		o.InPlace = append(o.InPlace, graph.Alias{Out: 1 + i, In: inSlots + i})
	}
	for i, a := range u.cases {
		o.Cases = append(o.Cases, updateCase(a, i+1, 1), updateCase(a, i+1, 9))
	}
	return o
}

func (u update[A]) infer(attrs any, in []graph.Type) ([]graph.Type, error) {
	a, n := attrs.(A), 0
	if len(in) > 0 {
		n = in[inParams].Shape.Size()
	}
	want := []graph.Type{graph.Floats(n), graph.Floats(n), graph.Floats(), graph.Floats(), graph.Ints()}
	for _, s := range a.Slots(n) {
		want = append(want, graph.Floats(s.Size))
	}
	if len(in) != len(want) {
		return nil, fmt.Errorf("takes %d inputs, got %d", len(want), len(in))
	}
	for i, t := range in {
		if t.DType != want[i].DType || !t.Shape.Equal(want[i].Shape) {
			return nil, fmt.Errorf("input %d is %v, want %v", i, t, want[i])
		}
	}
	end := 0
	for _, s := range a.segments() {
		if s.Lo < end || s.Hi < s.Lo || s.Hi > n {
			return nil, fmt.Errorf("the segment [%d,%d) does not fit into [%d] after %d", s.Lo, s.Hi, n, end)
		}
		end = s.Hi
	}
	return append(want[:1:1], want[inSlots:]...), a.check()
}

func (u update[A]) prepare(n *graph.Node) graph.Kernel {
	a, last := n.Attrs.(A), len(n.Outputs)-1
	k := elementwise(n.Inputs[inParams].Shape.Size(), func(c *graph.Call, lo, hi int) {
		var in, out [1 + maxSlots][]float32
		for i := range c.Out {
			in[i], out[i] = c.In[outSource(i)].F, c.Out[i].F
		}
		s := piece[float32]{g: c.In[inGrads].F, lr: float64(c.In[inLearningRate].F[0]), gscale: c.In[inGScale].F[0], step: int(c.In[inStep].I[0])}
		if u.next != nil {
			s.number = float64(in[last][0])
		}
		runUpdate(a, u.kernel, s, in, out, lo, hi)
	})
	if u.next != nil { // in a phase of its own, since all pieces read the old value, which may lie in the same place
		k.Phases = append(k.Phases, graph.Phase{Units: 1, Run: func(c *graph.Call, _, _ int) {
			c.Out[last].F[0] = float32(u.next(a, float64(c.In[outSource(last)].F[0]), int(c.In[inStep].I[0])))
		}})
	}
	return k
}

func (u update[A]) evalNode(n *graph.Node, refsIn, refsOut []graph.Ref) {
	a, last := n.Attrs.(A), len(n.Outputs)-1
	var in, out [1 + maxSlots][]float64
	for i := range refsOut {
		in[i], out[i] = refsIn[outSource(i)].F, refsOut[i].F
	}
	s := piece[float64]{g: refsIn[inGrads].F, lr: refsIn[inLearningRate].F[0], gscale: refsIn[inGScale].F[0], step: int(refsIn[inStep].I[0])}
	if u.next != nil {
		s.number = in[last][0]
	}
	runUpdate(a, u.eval, s, in, out, 0, len(in[0]))
	if u.next != nil {
		out[last][0] = u.next(a, s.number, s.step)
	}
}

// outSource is the input that an output is the next value of.
func outSource(out int) int {
	if out == 0 {
		return inParams
	}
	return inSlots + out - 1
}

// runUpdate updates the elements [lo,hi): it copies what does not lie in place yet, then applies the rule to the part of
// each segment. The first of in and out are the parameters, the others the slots.
func runUpdate[A rule, F float32 | float64](a A, apply func(A, piece[F]), s piece[F], in, out [1 + maxSlots][]F, lo, hi int) {
	for i := range in {
		if len(in[i]) == len(in[0]) && &in[i][0] != &out[i][0] {
			copy(out[i][lo:hi], in[i][lo:hi])
		}
	}
	grads, rate := s.g, s.lr
	for _, seg := range a.segments() {
		from, to := max(lo, seg.Lo), min(hi, seg.Hi)
		if from >= to {
			continue
		}
		s.p, s.g, s.lr, s.decay = out[0][from:to], grads[from:to], rate*seg.Rate, seg.Decay
		for i, x := range out[1:] {
			if len(x) == len(out[0]) {
				s.slot[i] = x[from:to]
			}
		}
		apply(a, s)
	}
}

// power is xⁿ for n ≥ 0 by products alone: math.Pow may differ in its last bit between processors.
func power(x float64, n int) float64 {
	p := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			p *= x
		}
		x *= x
	}
	return p
}

// fraction checks that a decay rate lies in [0, 1).
func fraction(name string, x float64) error {
	if !(x >= 0 && x < 1) {
		return fmt.Errorf("%s is %g, want 0 ≤ %s < 1", name, x, name)
	}
	return nil
}

// exampleSegments leave gaps, differ in their settings and cross the borders of chunks.
var exampleSegments = []Segment{{3, 40, 1, 0}, {40, 50, 0.5, 0.1}, {64, 4090, 2, 0.01}, {4100, 9000, 1, 0}}

// updateCase is an example for one step. The first slot is the largest, as the square average of rmsprop must be.
func updateCase(a rule, setting, step int) graph.Case {
	const n = 9001
	c := graph.Case{Name: fmt.Sprintf("setting %d, step %d", setting, step), Attrs: a, In: []graph.Arg{
		graph.Normal(n), graph.Normal(n), graph.Uniform(0.01, 0.02), graph.Uniform(0.5, 1),
		{Type: graph.Ints(), Fill: func(*rand.Rand) float64 { return float64(step) }},
	}}
	for i, s := range a.Slots(n) {
		lo, hi := 0.1, 0.9
		if i == 0 {
			lo, hi = 1, 2
		}
		c.In = append(c.In, graph.Uniform(lo, hi, s.Size))
	}
	return c
}
