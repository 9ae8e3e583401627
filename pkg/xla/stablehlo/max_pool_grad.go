package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("max_pool_grad", "dx = select_and_scatter", maxPoolGrad)
}

// maxPoolGrad selects the first of the largest elements.
func maxPoolGrad(e *emitter, n *graph.Node, in []val) []val {
	win, x, dy := n.Attrs.(op.PoolAttrs).Window, in[0], in[1]
	dx, zero := e.fresh(x.typ), e.number(0, "f32")
	e.line("%s = \"stablehlo.select_and_scatter\"(%s, %s, %s) <{%s, padding = %s}> ({",
		dx.name, x.name, dy.name, zero.name, windowAttrs(win), padding(win, x.shape, dy.shape))
	region := func(result func(a, b val) val) {
		a, b := e.fresh(zero.typ), e.fresh(zero.typ)
		e.line("^bb0(%s: %v, %s: %v):", a.name, a.typ, b.name, b.typ)
		y := result(a, b)
		e.line("stablehlo.return %s : %v", y.name, y.typ)
	}
	region(func(a, b val) val { return a.compare("GE", b) })
	e.line("}, {")
	region(val.add)
	e.line("}) : (%v, %v, %v) -> %v", x.typ, dy.typ, zero.typ, dx.typ)
	return []val{dx}
}
