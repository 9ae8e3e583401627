package stablehlo

import (
	"fmt"
	"strings"

	"dnn/pkg/graph"
)

func (x val) reshape(shape ...int) val {
	if x.shape.Equal(shape) {
		return x
	}
	return x.e.op("reshape", "", typ{x.elem, append(graph.Shape{}, shape...)}, x)
}

// transpose reorders axes: axis i of the result is axis perm[i] of x.
func transpose(x val, perm ...int) val {
	s := make(graph.Shape, len(perm))
	for i, ax := range perm {
		s[i] = x.shape[ax]
	}
	return x.e.op("transpose", "dims = "+list(perm), typ{x.elem, s}, x)
}

// part is [lo, hi) of an axis.
func part(x val, axis, lo, hi int) val {
	if lo == 0 && hi == x.shape[axis] {
		return x
	}
	s := append(graph.Shape{}, x.shape...)
	s[axis] = hi - lo
	var bounds []string
	for ax, d := range x.shape {
		if ax == axis {
			bounds = append(bounds, fmt.Sprintf("%d:%d", lo, hi))
		} else {
			bounds = append(bounds, fmt.Sprintf("0:%d", d))
		}
	}
	y := x.e.fresh(typ{x.elem, s})
	x.e.line("%s = stablehlo.slice %s [%s] : (%v) -> %v", y.name, x.name, strings.Join(bounds, ", "), x.typ, y.typ)
	return y
}

// concat joins values along an axis.
func concat(axis int, xs ...val) val {
	if len(xs) == 1 {
		return xs[0]
	}
	s := append(graph.Shape{}, xs[0].shape...)
	s[axis] = 0
	for _, x := range xs {
		s[axis] += x.shape[axis]
	}
	return xs[0].e.op("concatenate", fmt.Sprintf("dim = %d", axis), typ{xs[0].elem, s}, xs...)
}

// pad lays x into a number along an axis.
func pad(x val, axis, before, after int, fill float64) val {
	if before == 0 && after == 0 {
		return x
	}
	s := append(graph.Shape{}, x.shape...)
	low, high, interior := make([]int, len(s)), make([]int, len(s)), make([]int, len(s))
	low[axis], high[axis] = before, after
	s[axis] += before + after
	attrs := fmt.Sprintf("low = %s, high = %s, interior = %s", list(low), list(high), list(interior))
	return x.e.op("pad", attrs, typ{x.elem, s}, x, x.number(fill))
}

// reverse turns axes round.
func reverse(x val, axes ...int) val { return x.e.op("reverse", "dims = "+list(axes), x.typ, x) }

// reduce folds axes by an operation: add or maximum.
func reduce(x val, name string, start float64, axes ...int) val {
	if len(axes) == 0 {
		return x
	}
	s := graph.Shape{}
	for ax, d := range x.shape {
		if !contains(axes, ax) {
			s = append(s, d)
		}
	}
	first, y := x.number(start), x.e.fresh(typ{x.elem, s})
	x.e.line("%s = stablehlo.reduce(%s init: %s) applies stablehlo.%s across dimensions = %s : (%v, %v) -> %v",
		y.name, x.name, first.name, name, list(axes), x.typ, first.typ, y.typ)
	return y
}

func contains(list []int, x int) bool {
	for _, v := range list {
		if v == x {
			return true
		}
	}
	return false
}

func sum(x val, axes ...int) val { return reduce(x, "add", 0, axes...) }

// sumKept is a sum whose axes stay, of size 1.
func sumKept(x val, axes ...int) val {
	s := append(graph.Shape{}, x.shape...)
	for _, ax := range axes {
		s[ax] = 1
	}
	return sum(x, axes...).reshape(s...)
}

// last is the number of the last axis.
func (t typ) last() int { return len(t.shape) - 1 }

// leading are the numbers of all axes but the last.
func (t typ) leading() []int {
	var axes []int
	for ax := range t.last() {
		axes = append(axes, ax)
	}
	return axes
}

// column gives x [..] the shape [.., 1].
func column(x val) val { return x.reshape(append(append(graph.Shape{}, x.shape...), 1)...) }
