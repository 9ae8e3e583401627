package op

import (
	"fmt"
	"math/rand/v2"

	"dnn/pkg/graph"
)

// Update is what every update rule reads besides its slots. Parameters and slots may be kept as BF16: the rule computes with float32
// all the same, and what it puts out is rounded to one of both neighbours at random (see bf16.RoundRandomly), so that steps
// that are small next to a number are not lost.
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
		o.Cases = append(o.Cases, updateCase(a, i+1, 1), updateCase(a, i+1, 9), halfCase(updateCase(a, i+1, 2)))
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
		if t.DType == graph.BF16 && (i == inParams || i >= inSlots && want[i].Shape.Size() == n) {
			want[i].DType = graph.BF16
		}
		if !t.Equal(want[i]) {
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

// halfCase keeps the parameters and the slots of a case as BF16.
func halfCase(c graph.Case) graph.Case {
	c.Name += ", halves"
	n := c.In[inParams].Type.Shape.Size()
	for i := range c.In {
		if i == inParams || i >= inSlots && c.In[i].Type.Shape.Size() == n {
			c.In[i] = c.In[i].Of(graph.BF16)
		}
	}
	return c
}
