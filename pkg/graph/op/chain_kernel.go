package op

import "dnn/pkg/graph"

// chainBlock is how many elements of a chain are computed before the next ones: what lies between the steps stays in the
// first-level cache.
const chainBlock = 1024

// link is a step made ready: where it finds its operands and where it puts its result.
type link struct {
	element
	in    [2]place
	width int // of a row, if one of the operands is a row or a column
	dst   place
}

// place is where an operand or a result lies: in scratch from an offset on, or in an input or the output.
type place struct {
	way     way
	scratch bool
	at      int // offset in scratch, or number of the input
}

// chainKernel gives each unit of work its own scratch; there are few units, so that they do not need much.
func chainKernel(n *graph.Node) graph.Kernel {
	const maxUnits = 64
	links, slots := n.Attrs.(ChainAttrs).links(n)
	size := n.Outputs[0].Shape.Size()
	per := max(chunk, ceil(ceil(size, maxUnits), chainBlock)*chainBlock)
	block := min(size, chainBlock)
	return graph.Kernel{Scratch: ceil(size, per) * slots * block, Phases: []graph.Phase{cut(size, per, func(c *graph.Call, lo, hi int) {
		scratch := part(c.Scratch, lo/per, slots*block)
		for ; lo < hi; lo += chainBlock {
			n := min(chainBlock, hi-lo)
			for i := range links {
				links[i].run(c, scratch, lo, n)
			}
		}
	})}}
}

// links lays the results of the steps into as few slots as possible: one is free again once its last reader has run, and
// for that reader itself.
func (a ChainAttrs) links(n *graph.Node) (links []link, slots int) {
	shape, last := n.Outputs[0].Shape, make([]int, len(a.Steps))
	for i, s := range a.Steps {
		for _, k := range s.In {
			if k < 0 {
				last[-1-k] = i
			}
		}
	}
	block := min(shape.Size(), chainBlock)
	var free []int
	slot := make([]int, len(a.Steps))
	for i, s := range a.Steps {
		l := link{element: elements[s.Op](s.Attrs)}
		for j, k := range s.In {
			if k >= 0 {
				way, width := wayOf(n.Inputs[k].Shape, shape)
				l.in[j] = place{way, false, k}
				l.width = max(l.width, width)
				continue
			}
			l.in[j] = place{wayAll, true, slot[-1-k] * block}
			if last[-1-k] == i && (j == 0 || s.In[0] != k) {
				free = append(free, slot[-1-k])
			}
		}
		if len(s.In) == 1 {
			l.two = nil
		} else {
			l.one = nil
		}
		if i < len(a.Steps)-1 {
			if len(free) == 0 {
				free, slots = append(free, slots), slots+1
			}
			slot[i], free = free[len(free)-1], free[:len(free)-1]
			l.dst = place{wayAll, true, slot[i] * block}
		}
		links = append(links, l)
	}
	return links, slots
}

// of is the storage of n elements from lo on.
func (p *place) of(buffers []graph.Buffer, scratch []float32, lo, n int) []float32 {
	if p.scratch {
		return scratch[p.at : p.at+n]
	}
	return buffers[p.at].F[lo : lo+n]
}

// run computes n elements of one step from lo on.
func (l *link) run(c *graph.Call, scratch []float32, lo, n int) {
	dst := l.dst.of(c.Out, scratch, lo, n)
	x, y := &l.in[0], &l.in[1]
	switch {
	case l.one != nil:
		l.one(dst, x.of(c.In, scratch, lo, n))
	case x.way == wayAll && y.way == wayAll:
		l.two(dst, x.of(c.In, scratch, lo, n), y.of(c.In, scratch, lo, n))
	case y.way == wayNumber:
		l.right(dst, x.of(c.In, scratch, lo, n), c.In[y.at].F[0])
	case x.way == wayNumber:
		l.left(dst, c.In[x.at].F[0], y.of(c.In, scratch, lo, n))
	case x.way == wayAll:
		l.repeatedRight(dst, x.of(c.In, scratch, lo, n), c.In[y.at].F, lo)
	default:
		l.repeatedLeft(dst, c.In[x.at].F, y.of(c.In, scratch, lo, n), lo)
	}
}

// repeatedRight goes through the rows; y is a row or a column.
func (l *link) repeatedRight(dst, x, y []float32, lo int) {
	for i, at := lo/l.width, lo%l.width; len(dst) > 0; i, at = i+1, 0 {
		n := min(l.width-at, len(dst))
		if l.in[1].way == wayRow {
			l.two(dst[:n], x[:n], y[at:at+n])
		} else {
			l.right(dst[:n], x[:n], y[i])
		}
		dst, x = dst[n:], x[n:]
	}
}

// repeatedLeft goes through the rows; x is a row or a column.
func (l *link) repeatedLeft(dst, x, y []float32, lo int) {
	for i, at := lo/l.width, lo%l.width; len(dst) > 0; i, at = i+1, 0 {
		n := min(l.width-at, len(dst))
		if l.in[0].way == wayRow {
			l.two(dst[:n], x[at:at+n], y[:n])
		} else {
			l.left(dst[:n], x[i], y[:n])
		}
		dst, y = dst[n:], y[n:]
	}
}
