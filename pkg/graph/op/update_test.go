package op_test

import (
	"math"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// updater runs an update rule over several steps.
type updater struct {
	example
	slots [][]float32
}

func newUpdater(t *testing.T, key string, a any, slots []op.Slot, n int) *updater {
	o, _ := graph.Ops.Get(key)
	c := graph.Case{Name: "steps", Attrs: a, In: []graph.Arg{graph.Normal(n), graph.Normal(n), graph.Normal(), graph.Normal(), graph.Index(1)}}
	u := &updater{}
	for _, s := range slots {
		c.In = append(c.In, graph.Normal(s.Size))
		x := make([]float32, s.Size)
		for i := range x {
			x[i] = float32(s.Init)
		}
		u.slots = append(u.slots, x)
	}
	u.example = newExample(t, o, c)
	return u
}

// step updates p by the gradient g.
func (u *updater) step(p, g []float32, rate, gscale float32, t int32) []float32 {
	u.in = []graph.Buffer{{F: p}, {F: g}, {F: []float32{rate}}, {F: []float32{gscale}}, {I: []int32{t}}}
	for _, s := range u.slots {
		u.in = append(u.in, graph.Buffer{F: s})
	}
	out := u.run(singly)
	for i := range u.slots {
		u.slots[i] = out[1+i].F
	}
	return out[0].F
}

func TestUpdateSegments(t *testing.T) {
	a := op.SGDAttrs{Segments: []op.Segment{{Lo: 1, Hi: 3, Rate: 1, Decay: 0.5}, {Lo: 5, Hi: 6, Rate: 2}}}
	u := newUpdater(t, "sgd_update", a, a.Slots(8), 8)
	got := u.step([]float32{1, 2, 3, 4, 5, 6, 7, 8}, []float32{4, 4, 4, 4, 4, 4, 4, 4}, 0.25, 0.5, 1)
	// A step is rate·(gscale·gradient + decay·parameter).
	sameBits(t, "parameters", []graph.Buffer{{F: got}}, []graph.Buffer{{F: []float32{1, 1.25, 2.125, 4, 5, 5, 7, 8}}})
}

// TestNAdamSteps follows the paper's equations with the product of all μ, as torch.optim does.
func TestNAdamSteps(t *testing.T) {
	a := op.NAdamAttrs{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, MomentumDecay: 0.004, Segments: []op.Segment{{Hi: 1, Rate: 1}}}
	u := newUpdater(t, "nadam_update", a, a.Slots(1), 1)
	mu := func(t int) float64 { return a.Beta1 * (1 - 0.5*math.Pow(0.96, float64(t)*a.MomentumDecay)) }
	p, want, m, v, product := []float32{1}, 1.0, 0.0, 0.0, 1.0
	for step := 1; step <= 5; step++ {
		g := math.Sin(float64(step))
		p = u.step(p, []float32{float32(g)}, 0.1, 1, int32(step))
		product *= mu(step)
		m = a.Beta1*m + (1-a.Beta1)*g
		v = a.Beta2*v + (1-a.Beta2)*g*g
		d := math.Sqrt(v/(1-math.Pow(a.Beta2, float64(step)))) + a.Eps
		want -= 0.1 * (mu(step+1)*m/(1-product*mu(step+1)) + (1-mu(step))*g/(1-product)) / d
		if err := math.Abs(float64(p[0]) - want); err > 1e-6 {
			t.Errorf("step %d: parameter is %v, want %v", step, p[0], want)
		}
		if err := math.Abs(float64(u.slots[2][0]) - product); err > 1e-7 {
			t.Errorf("step %d: the product is %v, want %v", step, u.slots[2][0], product)
		}
	}
}

// TestAdamSteps follows Algorithm 1 of the paper.
func TestAdamSteps(t *testing.T) {
	a := op.AdamAttrs{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, Segments: []op.Segment{{Hi: 1, Rate: 1}}}
	u := newUpdater(t, "adam_update", a, a.Slots(1), 1)
	p, want, m, v := []float32{1}, 1.0, 0.0, 0.0
	for step := 1; step <= 5; step++ {
		g := math.Cos(float64(step))
		p = u.step(p, []float32{float32(g)}, 0.1, 1, int32(step))
		m, v = 0.9*m+0.1*g, 0.999*v+0.001*g*g
		t1, t2 := 1-math.Pow(0.9, float64(step)), 1-math.Pow(0.999, float64(step))
		want -= 0.1 * (m / t1) / (math.Sqrt(v/t2) + a.Eps)
		if err := math.Abs(float64(p[0]) - want); err > 1e-6 {
			t.Errorf("step %d: parameter is %v, want %v", step, p[0], want)
		}
	}
}
