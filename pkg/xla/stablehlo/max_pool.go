package stablehlo

import (
	"fmt"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("max_pool", "y = reduce_window by maximum", maxPool)
}

func maxPool(e *emitter, n *graph.Node, in []val) []val {
	win, x := n.Attrs.(op.PoolAttrs).Window, in[0]
	y, first := e.fresh(typeOf(n.Outputs[0].Type)), e.number(lowest, "f32")
	e.line("%s = \"stablehlo.reduce_window\"(%s, %s) <{%s, padding = %s}> ({",
		y.name, x.name, first.name, windowAttrs(win), padding(win, x.shape, y.shape))
	a, b := e.fresh(first.typ), e.fresh(first.typ)
	e.line("^bb0(%s: %v, %s: %v):", a.name, a.typ, b.name, b.typ)
	e.line("stablehlo.return %s : %v", a.max(b).name, a.typ)
	e.line("}) : (%v, %v) -> %v", x.typ, first.typ, y.typ)
	return []val{y}
}

func windowAttrs(win op.Window) string {
	return fmt.Sprintf("window_dimensions = array<i64: %s>, window_strides = array<i64: %s>",
		bare(around(win, win.Kernel, 1)), bare(around(win, win.Stride, 1)))
}

// bare writes a list without its brackets.
func bare(x []int) string {
	s := list(x)
	return s[1 : len(s)-1]
}
