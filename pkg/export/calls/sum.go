package calls

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("sum", "y = Σx over some axes", sum)
}

// Chains of a sum, as the op cuts them: the order of additions follows from the shape alone.
const (
	sumRowsOf = 1024 // rows of a chain
	sumBlock  = 4096 // elements of a block
)

// sum takes the innermost axes first, each as the middle one of [outer, reduce, inner].
func sum(e *Emitter, n *graph.Node) {
	s, axes := n.Inputs[0].Shape, n.Attrs.(op.SumAttrs).Axes
	if s.Rank() == 2 && s[0] > 1 && slices.Equal(axes, []int{0}) {
		e.Call("sumColumns", e.Out(0), e.In(0), 1, s[0], s[1], s[0])
		return
	}
	extent, summed := merged(s, axes)
	r := reduction{e: e, from: e.In(0)}
	inner, last := 1, slices.Index(summed, true)
	for ax := len(extent) - 1; ax >= 0; ax-- {
		if !summed[ax] {
			inner *= extent[ax]
			continue
		}
		outer := 1
		for _, d := range extent[:ax] {
			outer *= d
		}
		r.step(outer, extent[ax], inner, ax == last)
	}
	if last < 0 { // only axes of one position were summed
		e.Call("move", e.Out(0), e.In(0), 0, 0, nest([]int{size(n)}, []int{1}, []int{1}))
	}
}

// merged drops axes of one position and joins neighbours that are both summed or both kept, but for the rows of a batch.
func merged(s graph.Shape, axes []int) (extent []int, summed []bool) {
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

// reduction is a sum in steps, each of which reads what the one before wrote.
type reduction struct {
	e    *Emitter
	from Arg
}

func (r *reduction) step(outer, reduce, inner int, last bool) {
	blocks := func(n int) int { return (reduce + n - 1) / n }
	switch {
	case inner > 1 && reduce > sumRowsOf:
		r.call("sumColumns", outer*blocks(sumRowsOf)*inner, false, outer, reduce, inner, sumRowsOf)
		r.step(outer, blocks(sumRowsOf), inner, last)
	case inner > 1:
		r.call("sumColumns", outer*inner, last, outer, reduce, inner, reduce)
	case outer == 1 && reduce > sumBlock:
		r.call("sumBlocks", blocks(sumBlock), false, reduce)
		r.step(1, blocks(sumBlock), 1, last)
	default:
		r.call("sumRows", outer, last, outer, reduce)
	}
}

func (r *reduction) call(kernel string, size int, last bool, settings ...Arg) {
	to := r.e.Out(0)
	if !last {
		to = r.e.Scratch(size)
	}
	r.e.Call(kernel, append([]Arg{to, r.from}, settings...)...)
	r.from = to
}
