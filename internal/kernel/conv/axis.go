package conv

import "dnn/internal/kernel/cut"

// convAxis is how a convolution goes along one spatial axis: from places of the
// result to the places of the source that they read.
type convAxis struct {
	size   int // of the result
	step   int // between places of the result that read through the same taps
	source int // extent of the source
	move   int // in the source, for a step in the result
	phases []convPhase
}

// convPhase are places start, start+step, … of the result, count of them. The i-th
// reads source places from+i·move+tap.off, which may lie beyond its edges.
type convPhase struct {
	start, count, from int
	taps               []convTap // in the order of the sum, off ascending from 0
}

type convTap struct{ k, off int }

// forwardAxis is an axis of y.
func (s *Shape) forwardAxis(i int) convAxis {
	p := convPhase{count: s.Out[i], from: -s.Before[i]}
	for k := range s.Kernel[i] {
		p.taps = append(p.taps, convTap{k, k * s.Dilation[i]})
	}
	return convAxis{size: s.Out[i], step: 1, source: s.In[i], move: s.Stride[i], phases: []convPhase{p}}
}

// inverseAxis is an axis of the gradient by x. The place i = q·stride + f - before is
// read by the output q - (k·dilation - f)/stride through each tap k for which that is
// whole: one convolution of stride 1 for each phase f of the stride.
func (s *Shape) inverseAxis(i int) convAxis {
	stride, before := s.Stride[i], s.Before[i]
	a := convAxis{size: s.In[i], step: stride, source: s.Out[i], move: 1}
	for f := range stride {
		start := (f - before%stride + stride) % stride
		if start >= s.In[i] {
			continue
		}
		p := convPhase{start: start, count: (s.In[i]-1-start)/stride + 1}
		reach := 0
		for k := s.Kernel[i] - 1; k >= 0; k-- {
			d := k * s.Dilation[i]
			if d%stride != f {
				continue
			}
			t := (d - f) / stride
			if len(p.taps) == 0 {
				reach = t
			}
			p.taps = append(p.taps, convTap{k, reach - t})
		}
		p.from = (start+before-f)/stride - reach
		a.phases = append(a.phases, p)
	}
	return a
}

// cut is the part of a phase that lies in [lo,hi) of the result: the first of its
// places and how many.
func (a *convAxis) cut(p *convPhase, lo, hi int) (first, count int) {
	first = cut.Ceil(max(lo-p.start, 0), a.step)
	return first, max(cut.Ceil(max(hi-p.start, 0), a.step)-first, 0)
}

// reads is the range of the source that [lo,hi) of the result reads.
func (a *convAxis) reads(lo, hi int) (from, to int) {
	some := false
	for i := range a.phases {
		p := &a.phases[i]
		first, count := a.cut(p, lo, hi)
		if count == 0 || len(p.taps) == 0 {
			continue
		}
		f := p.from + first*a.move
		t := p.from + (first+count-1)*a.move + p.taps[len(p.taps)-1].off + 1
		if !some {
			from, to, some = f, t, true
		}
		from, to = min(from, f), max(to, t)
	}
	return from, to
}

// inside says that all of the source that is read lies within its edges.
func (a *convAxis) inside() bool {
	from, to := a.reads(0, a.size)
	return from >= 0 && to <= a.source
}

// every is the distance of the taps of a phase, if it is the same everywhere.
func (p *convPhase) every() (distance int, ok bool) {
	for i := 1; i < len(p.taps); i++ {
		d := p.taps[i].off - p.taps[i-1].off
		if i > 1 && d != distance {
			return 0, false
		}
		distance = d
	}
	return distance, true
}
