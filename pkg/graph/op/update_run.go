package op

import (
	"dnn/internal/kernel/bf16"
	"dnn/pkg/graph"
)

func (u update[A]) prepare(n *graph.Node) graph.Kernel {
	a, last := n.Attrs.(A), len(n.Outputs)-1
	arrays, half := len(n.Outputs), false
	if u.next != nil {
		arrays-- // the last slot is a single number
	}
	for _, v := range n.Outputs[:arrays] {
		half = half || v.DType == graph.BF16
	}
	run := func(c *graph.Call, lo, hi int) {
		var in, out [1 + maxSlots][]float32
		for i := range arrays {
			in[i], out[i] = widened(c, i, lo, hi)
		}
		s := piece[float32]{g: c.In[inGrads].F[lo:hi], lr: float64(c.In[inLearningRate].F[0]), gscale: c.In[inGScale].F[0], step: int(c.In[inStep].I[0])}
		if u.next != nil {
			s.number = float64(c.In[outSource(last)].F[0])
		}
		runUpdate(a, u.kernel, s, in, out, lo)
		for i := range arrays {
			if h := c.Out[i].H; h != nil {
				bf16.RoundRandomly(h[lo:hi], out[i], c.Local[arrays*chunk:], roundingSeed, uint64(i), uint64(s.step), lo)
			}
		}
	}
	k := elementwise(n.Inputs[inParams].Shape.Size(), run)
	if half {
		k = elementwise(n.Inputs[inParams].Shape.Size(), func(c *graph.Call, lo, hi int) {
			for ; lo < hi; lo += chunk {
				run(c, lo, min(lo+chunk, hi))
			}
		})
		k.Local = (arrays + 1) * chunk // each array as float32, and the draws
	}
	if u.next != nil { // in a phase of its own, since all pieces read the old value, which may lie in the same place
		k.Phases = append(k.Phases, graph.Phase{Units: 1, Run: func(c *graph.Call, _, _ int) {
			c.Out[last].F[0] = float32(u.next(a, float64(c.In[outSource(last)].F[0]), int(c.In[inStep].I[0])))
		}})
	}
	return k
}

// roundingSeed is that of the draws that decide how numbers kept as BF16 are rounded. They differ from array to array, step to step
// and element to element; nothing is gained from others in a training with another seed.
const roundingSeed = 0x62663136

// widened is the part [lo,hi) of output i, and of the input that it is the next value of. What is kept as BF16 is widened into the
// thread's own memory, and changed there.
func widened(c *graph.Call, i, lo, hi int) (in, out []float32) {
	if half := c.In[outSource(i)].H; half != nil {
		wide := c.Local[i*chunk:][:hi-lo]
		bf16.Widen(wide, half[lo:hi])
		return wide, wide
	}
	return c.In[outSource(i)].F[lo:hi], c.Out[i].F[lo:hi]
}

func (u update[A]) evalNode(n *graph.Node, refsIn, refsOut []graph.Ref) {
	a, last := n.Attrs.(A), len(n.Outputs)-1
	var in, out [1 + maxSlots][]float64
	for i := range refsOut {
		if u.next == nil || i < last {
			in[i], out[i] = refsIn[outSource(i)].F, refsOut[i].F
		}
	}
	s := piece[float64]{g: refsIn[inGrads].F, lr: refsIn[inLearningRate].F[0], gscale: refsIn[inGScale].F[0], step: int(refsIn[inStep].I[0])}
	if u.next != nil {
		s.number = refsIn[outSource(last)].F[0]
	}
	runUpdate(a, u.eval, s, in, out, 0)
	if u.next != nil {
		refsOut[last].F[0] = u.next(a, s.number, s.step)
	}
	for i, v := range n.Outputs {
		roundRef(v.DType, refsOut[i].F)
	}
}

// outSource is the input that an output is the next value of.
func outSource(out int) int {
	if out == 0 {
		return inParams
	}
	return inSlots + out - 1
}

// runUpdate updates the elements from lo on: it copies what does not lie in place yet, then applies the rule to the part of each
// segment. The first of in and out are the parameters, the others the slots, nil where there is none or it is a single number.
func runUpdate[A rule, F float32 | float64](a A, apply func(A, piece[F]), s piece[F], in, out [1 + maxSlots][]F, lo int) {
	for i := range in {
		if len(in[i]) > 0 && &in[i][0] != &out[i][0] {
			copy(out[i], in[i])
		}
	}
	grads, rate, hi := s.g, s.lr, lo+len(out[0])
	for _, seg := range a.segments() {
		from, to := max(lo, seg.Lo)-lo, min(hi, seg.Hi)-lo
		if from >= to {
			continue
		}
		s.p, s.g, s.lr, s.decay = out[0][from:to], grads[from:to], rate*seg.Rate, seg.Decay
		for i, x := range out[1:] {
			if x != nil {
				s.slot[i] = x[from:to]
			}
		}
		apply(a, s)
	}
}
