package op

import (
	"slices"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// reduction builds the kernel of a sum over any axes as a row of steps, each of which sums the middle axis of a tensor
// [outer, reduce, inner]; the innermost axes go first. Results in between lie in scratch.
type reduction struct {
	kernel graph.Kernel
	from   int // where the next step finds its input: an offset in scratch, or operand
}

// operand stands for the node's input as a source and for its output as a destination.
const operand = -1

func newReduction(s graph.Shape, axes []int) graph.Kernel {
	r := reduction{from: operand}
	if s.Rank() == 2 && s[0] > 1 && slices.Equal(axes, []int{0}) {
		r.columns(1, s[0], s[1], s[0], true)
		return r.kernel
	}
	extent, summed := mergeAxes(s, axes)
	inner := 1
	last := slices.Index(summed, true) // the step that ends in the output
	for ax := len(extent) - 1; ax >= 0; ax-- {
		if !summed[ax] {
			inner *= extent[ax]
			continue
		}
		outer := 1
		for _, e := range extent[:ax] {
			outer *= e
		}
		r.step(outer, extent[ax], inner, ax == last)
	}
	if len(r.kernel.Phases) == 0 { // only axes of extent 1 were summed
		return elementwise(inner, func(c *graph.Call, lo, hi int) { copy(c.Out[0].F[lo:hi], c.In[0].F[lo:hi]) })
	}
	return r.kernel
}

// mergeAxes drops axes of extent 1 and joins neighbours that are both summed or both kept, but for the rows of a batch: from
// three axes on the first one stays alone, so that padding behind each row changes nothing.
func mergeAxes(s graph.Shape, axes []int) (extent []int, summed []bool) {
	for ax, e := range s {
		sum := slices.Contains(axes, ax)
		last := len(extent) - 1
		switch {
		case e == 1:
		case last >= 0 && summed[last] == sum && !(ax == 1 && sum && len(s) > 2):
			extent[last] *= e
		default:
			extent, summed = append(extent, e), append(summed, sum)
		}
	}
	return extent, summed
}

func (r *reduction) step(outer, reduce, inner int, last bool) {
	switch {
	case inner > 1 && reduce > rowBlock:
		r.columns(outer, reduce, inner, rowBlock, false)
		r.step(outer, ceil(reduce, rowBlock), inner, last)
	case inner > 1:
		r.columns(outer, reduce, inner, reduce, last)
	case outer == 1 && reduce > vec.SumBlock:
		r.add(vec.Blocks(reduce), false, func(dst, x func(*graph.Call) []float32) graph.Phase {
			return cut(vec.Blocks(reduce), 1, func(c *graph.Call, lo, hi int) {
				vec.SumBlocks(dst(c), x(c)[:reduce], lo, hi)
			})
		})
		r.step(1, vec.Blocks(reduce), 1, last)
	default:
		r.add(outer, last, func(dst, x func(*graph.Call) []float32) graph.Phase {
			return byRows(outer, reduce, func(c *graph.Call, lo, hi int) { vec.SumRows(dst(c), x(c), reduce, lo, hi) })
		})
	}
}

// columns sums [outer, reduce, inner] to [outer, blocks, inner], block rows in each chain.
func (r *reduction) columns(outer, reduce, inner, block int, last bool) {
	blocks := ceil(reduce, block)
	width := max(strip, ceil(chunk/max(block, 1), strip)*strip) // columns of one piece of work
	pieces := ceil(inner, width)
	r.add(outer*blocks*inner, last, func(dst, x func(*graph.Call) []float32) graph.Phase {
		return cut(outer*blocks*pieces, max(1, chunk/max(1, block*min(width, inner))), func(c *graph.Call, lo, hi int) {
			y, x := dst(c), x(c)
			for u := lo; u < hi; u++ {
				at, piece := u/pieces, u%pieces
				row := at%blocks*block + at/blocks*reduce
				rows := min(block, reduce-at%blocks*block)
				vec.SumColumns(y[at*inner:(at+1)*inner], x[row*inner:(row+rows)*inner], rows, inner,
					piece*width, min((piece+1)*width, inner))
			}
		})
	})
}

// add appends a phase that reads what the phase before wrote, and reserves scratch for its result unless it is the last.
func (r *reduction) add(size int, last bool, phase func(dst, x func(*graph.Call) []float32) graph.Phase) {
	from, to := r.from, operand
	if !last {
		to = r.kernel.Scratch
		r.kernel.Scratch += size
	}
	r.from = to
	r.kernel.Phases = append(r.kernel.Phases, phase(
		func(c *graph.Call) []float32 {
			if to == operand {
				return c.Out[0].F
			}
			return c.Scratch[to:]
		},
		func(c *graph.Call) []float32 {
			if from == operand {
				return c.In[0].F
			}
			return c.Scratch[from:]
		}))
}
