package op

import (
	"fmt"
	"slices"

	"dnn/internal/kernel/pool"
	"dnn/pkg/graph"
)

// taps are what one position along an output axis is made of: consecutive positions of the input axis from first on, each
// with a weight, the sum divided by div.
type taps struct {
	first   int
	weights []float64
	div     float64
}

func (t taps) end() int { return t.first + len(t.weights) }

// evenly is the mean of the positions [lo,hi), as one of count.
func evenly(lo, hi, count int) taps {
	n := hi - lo
	if n <= len(evenWeights) {
		return taps{lo, evenWeights[:n:n], float64(count)}
	}
	return taps{lo, slices.Repeat([]float64{1}, n), float64(count)}
}

// evenWeights are shared by windows, of which there are many.
var evenWeights = slices.Repeat([]float64{1}, 64)

// transposed are the taps of the gradient: what each of n input positions gets from the output positions.
func transposed(axis []taps, n int) []taps {
	alike := !slices.ContainsFunc(axis, func(t taps) bool { return t.div != axis[0].div })
	back := make([]taps, n)
	for i := range back {
		back[i].div = choose(alike, axis[0].div, 1)
	}
	for o, t := range axis {
		for k, w := range t.weights {
			b := &back[t.first+k]
			if len(b.weights) == 0 {
				b.first = o
			}
			b.weights = append(b.weights, make([]float64, o-b.end())...)
			b.weights = append(b.weights, choose(alike, w, w/t.div))
		}
	}
	return back
}

// stencil says how each position of y [batch, axes.., channels] is made of positions of x, each axis on its own. There are
// always three axes: of one only the last is in use, of two the first and the last.
type stencil struct {
	batch, channels int
	in, out         [3]int
	axes            [3][]taps
}

func newStencil(x graph.Shape, axes [][]taps) stencil {
	s := stencil{batch: x[0], channels: x.Last(), in: [3]int{1, 1, 1}, out: [3]int{1, 1, 1}}
	for slot := range s.axes {
		s.axes[slot] = []taps{evenly(0, 1, 1)}
	}
	slots := [][]int{{2}, {0, 2}, {0, 1, 2}}[len(axes)-1]
	for i, slot := range slots {
		s.in[slot], s.out[slot], s.axes[slot] = x[1+i], len(axes[i]), axes[i]
	}
	return s
}

// visit calls f for each position of y: where its channels begin, and those of the positions of x that it is made of, with
// their weights and what the sum is divided by. It is for the reference.
func (s stencil) visit(f func(to int, from []int, weights []float64, div float64)) {
	var from []int
	var weights []float64
	for r := range s.batch * s.out[0] * s.out[1] {
		t0, t1 := s.axes[0][r/s.out[1]%s.out[0]], s.axes[1][r%s.out[1]]
		base := r / (s.out[0] * s.out[1]) * s.in[0]
		for o, t2 := range s.axes[2] {
			from, weights = from[:0], weights[:0]
			for i, w0 := range t0.weights {
				for j, w1 := range t1.weights {
					for k, w2 := range t2.weights {
						row := (base+t0.first+i)*s.in[1] + t1.first + j
						from = append(from, (row*s.in[2]+t2.first+k)*s.channels)
						weights = append(weights, w0*w1*w2)
					}
				}
			}
			f((r*s.out[2]+o)*s.channels, from, weights, t0.div*t1.div*t2.div)
		}
	}
}

// form is a window as package kernel takes it.
type form struct {
	offsets []int
	weights []float32
	div     float32
}

// run is a part of the last axis whose windows have one form: n positions from at on, every so many, whose windows begin
// at first and lie step apart.
type run struct{ at, n, every, first, step int }

// forms is a stencil made ready: the runs of the last axis and the form of each, by the kinds of taps along the others.
type forms struct {
	stencil
	kinds [2][]int
	runs  []run
	table [][][]form
}

func newForms(s stencil) *forms {
	f := &forms{stencil: s}
	var heads [3][]taps // one of each kind
	for ax := range 2 {
		f.kinds[ax], heads[ax] = kindsOf(s.axes[ax])
	}
	last, _ := kindsOf(s.axes[2])
	f.runs = runsOf(s.axes[2], last)
	for _, t0 := range heads[0] {
		var rows [][]form
		for _, t1 := range heads[1] {
			var row []form
			for _, r := range f.runs {
				row = append(row, s.form(t0, t1, s.axes[2][r.at]))
			}
			rows = append(rows, row)
		}
		f.table = append(f.table, rows)
	}
	return f
}

// kindsOf numbers the different lists of weights, and gives one example of each.
func kindsOf(axis []taps) (kind []int, heads []taps) {
	for _, t := range axis {
		k := slices.IndexFunc(heads, func(h taps) bool { return h.div == t.div && slices.Equal(h.weights, t.weights) })
		if k < 0 {
			k = len(heads)
			heads = append(heads, t)
		}
		kind = append(kind, k)
	}
	return kind, heads
}

// runsOf shares an axis out to runs, each as long as can be: of neighbours, or of every so many where the forms repeat.
func runsOf(axis []taps, kind []int) []run {
	const farthest = 16
	taken := make([]bool, len(axis))
	var runs []run
	for at := range axis {
		if taken[at] {
			continue
		}
		best := run{at: at, n: 1, every: 1, first: axis[at].first}
		for every := 1; every <= farthest && at+every < len(axis); every++ {
			r := run{at: at, n: 1, every: every, first: axis[at].first, step: axis[at+every].first - axis[at].first}
			for o := at + every; o < len(axis) && !taken[o] && kind[o] == kind[at] && axis[o].first == r.first+r.n*r.step && r.step >= 0; o += every {
				r.n++
			}
			if r.n > best.n {
				best = r
			}
			if best.n*best.every > len(axis)/2 {
				break
			}
		}
		for i := range best.n {
			taken[at+i*best.every] = true
		}
		runs = append(runs, best)
	}
	return runs
}

func (s stencil) form(t0, t1, t2 taps) form {
	f := form{div: float32(t0.div * t1.div * t2.div)}
	for i, w0 := range t0.weights {
		for j, w1 := range t1.weights {
			for k, w2 := range t2.weights {
				f.offsets = append(f.offsets, ((i*s.in[1]+j)*s.in[2]+k)*s.channels)
				f.weights = append(f.weights, float32(w0*w1*w2))
			}
		}
	}
	return f
}

// rows calls do for the runs of the rows [lo,hi) of y, a row being its last axis: where a run begins in y and in x.
func (f *forms) rows(lo, hi int, do func(fm *form, r *run, y, x int)) {
	for row := lo; row < hi; row++ {
		o0, o1 := row/f.out[1]%f.out[0], row%f.out[1]
		x := row/(f.out[0]*f.out[1])*f.in[0] + f.axes[0][o0].first
		x = (x*f.in[1] + f.axes[1][o1].first) * f.in[2]
		fms := f.table[f.kinds[0][o0]][f.kinds[1][o1]]
		for i := range f.runs {
			r := &f.runs[i]
			do(&fms[i], r, (row*f.out[2]+r.at)*f.channels, (x+r.first)*f.channels)
		}
	}
}

// kernel is that of an op whose rows of y are computed by do, run by run.
func (f *forms) kernel(do func(c *graph.Call, fm *form, r *run, y, x int)) graph.Kernel {
	rows := f.batch * f.out[0] * f.out[1]
	work := max(f.out[2], f.in[0]*f.in[1]*f.in[2]/(f.out[0]*f.out[1])) * f.channels
	return graph.Kernel{Phases: []graph.Phase{byRows(rows, work, func(c *graph.Call, lo, hi int) {
		f.rows(lo, hi, func(fm *form, r *run, y, x int) { do(c, fm, r, y, x) })
	})}}
}

// sum is the kernel of the weighted sums.
func (f *forms) sum() graph.Kernel {
	return f.kernel(func(c *graph.Call, fm *form, r *run, y, x int) {
		pool.Sum(c.Out[0].F[y:], c.In[0].F[x:], fm.offsets, fm.weights, fm.div, r.n, f.channels, r.every*f.channels, r.step*f.channels)
	})
}

// cost counts one multiplication and addition for each position that each position of y is made of.
func (s stencil) cost(n *graph.Node) graph.Cost {
	flops := float64(2 * s.batch * s.channels)
	for _, axis := range s.axes {
		sum := 0
		for _, t := range axis {
			sum += len(t.weights)
		}
		flops *= float64(sum)
	}
	return graph.Cost{Flops: flops, Bytes: traffic(n)}
}

// poolTaps are the windows of w along an axis of n positions: their means as those of the positions within the input or,
// with countPadding, of those within the padding too. The last beyond positions of the padding never count.
func (w Window) poolTaps(axis, n int, countPadding bool, beyond int) ([]taps, error) {
	if d := w.Dilation[axis]; d != 1 {
		return nil, fmt.Errorf("axis %d: a pooling window with dilation %d, want 1", axis, d)
	}
	one := Window{1, [3]int{w.Kernel[axis]}, [3]int{w.Stride[axis]}, [3]int{1}, [3]int{w.Before[axis]}, [3]int{w.After[axis]}}
	out, err := one.Out([]int{n})
	if err != nil {
		return nil, err
	}
	all := make([]taps, out[0])
	for o := range all {
		start := o*w.Stride[axis] - w.Before[axis]
		end := min(start+w.Kernel[axis], n+w.After[axis]-beyond)
		lo, hi := max(start, 0), min(end, n)
		if lo >= hi {
			return nil, fmt.Errorf("axis %d: a window of %d lies in the padding of %d and %d", axis, w.Kernel[axis], w.Before[axis], w.After[axis])
		}
		all[o] = evenly(lo, hi, hi-lo)
		if countPadding {
			all[o].div = float64(end - start)
		}
	}
	return all, nil
}
