package stablehlo

import (
	"fmt"
	"strings"

	"dnn/pkg/graph"
)

// loop runs body n times on values that it changes; i counts from 0. The body may read values from outside.
func (e *emitter) loop(n int, state []val, body func(i val, state []val) []val) []val {
	first := append([]val{e.number(0, "i32")}, state...)
	var inner []val
	var bind []string
	for _, v := range first {
		x := e.fresh(v.typ)
		inner = append(inner, x)
		bind = append(bind, x.name+" = "+v.name)
	}
	e.count++
	result := fmt.Sprintf("%%%d", e.count)
	limit, one := e.number(float64(n), "i32"), e.number(1, "i32")
	e.line("%s:%d = stablehlo.while(%s) : %s", result, len(first), strings.Join(bind, ", "), types(first))
	e.line("cond {")
	e.line("stablehlo.return %s : tensor<i1>", inner[0].compare("LT", limit).name)
	e.line("} do {")
	next := append([]val{inner[0].add(one)}, body(inner[0], inner[1:])...)
	e.line("stablehlo.return %s : %s", names(next), types(next))
	e.line("}")
	var out []val
	for i, v := range state {
		out = append(out, val{e, fmt.Sprintf("%s#%d", result, i+1), v.typ})
	}
	return out
}

// step is x[:, t] of x [rows, steps, ..].
func step(x, t val) val {
	s := append(graph.Shape{}, x.shape...)
	s[1] = 1
	in := []val{x}
	for ax := range x.shape {
		if in = append(in, x.e.number(0, "i32")); ax == 1 {
			in[len(in)-1] = t
		}
	}
	y := x.e.op("dynamic_slice", "sizes = "+list(s), typ{x.elem, s}, in...)
	return y.reshape(append(graph.Shape{s[0]}, s[2:]...)...)
}

// putStep is x [rows, steps, ..] with y in place of x[:, t].
func putStep(x, y, t val) val {
	s := append(graph.Shape{}, x.shape...)
	s[1] = 1
	in := []val{x, y.reshape(s...)}
	for ax := range x.shape {
		if in = append(in, x.e.number(0, "i32")); ax == 1 {
			in[len(in)-1] = t
		}
	}
	return x.e.op("dynamic_update_slice", "", x.typ, in...)
}
