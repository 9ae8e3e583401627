package stablehlo

import "dnn/pkg/graph"

// binary is an operation on two values, repeated to one shape by NumPy's rule.
func (x val) binary(name string, y val) val {
	s := broadcastShape(x.shape, y.shape)
	return x.e.op(name, "", typ{x.elem, s}, x.to(s), y.to(s))
}

func (x val) add(y val) val       { return x.binary("add", y) }
func (x val) sub(y val) val       { return x.binary("subtract", y) }
func (x val) mul(y val) val       { return x.binary("multiply", y) }
func (x val) div(y val) val       { return x.binary("divide", y) }
func (x val) max(y val) val       { return x.binary("maximum", y) }
func (x val) min(y val) val       { return x.binary("minimum", y) }
func (x val) and(y val) val       { return x.binary("and", y) }
func (x val) xor(y val) val       { return x.binary("xor", y) }
func (x val) plus(c float64) val  { return x.add(x.number(c)) }
func (x val) times(c float64) val { return x.mul(x.number(c)) }

// unary is an operation on one value.
func (x val) unary(name string) val { return x.e.op(name, "", x.typ, x) }

func (x val) exp() val   { return x.unary("exponential") }
func (x val) log() val   { return x.unary("log") }
func (x val) sqrt() val  { return x.unary("sqrt") }
func (x val) rsqrt() val { return x.number(1).div(x.sqrt()) }

// compare is a predicate: EQ, NE, GE, GT, LE or LT.
func (x val) compare(how string, y val) val {
	s := broadcastShape(x.shape, y.shape)
	a, b := x.to(s), y.to(s)
	z := x.e.fresh(typ{"i1", s})
	x.e.line("%s = stablehlo.compare %s, %s, %s : (%v, %v) -> %v", z.name, how, a.name, b.name, a.typ, b.typ, z.typ)
	return z
}

// pick is x where the predicate holds, else y.
func (p val) pick(x, y val) val {
	s := broadcastShape(p.shape, broadcastShape(x.shape, y.shape))
	return p.e.op("select", "", typ{x.elem, s}, p.to(s), x.to(s), y.to(s))
}

// as is x in another type of elements.
func (x val) as(elem string) val {
	if x.elem == elem {
		return x
	}
	return x.e.op("convert", "", typ{elem, x.shape}, x)
}

// bitcast is x with its bits taken as another type of the same size.
func bitcast(x val, elem string) val { return x.e.op("bitcast_convert", "", typ{elem, x.shape}, x) }

// to repeats x to a shape by NumPy's rule.
func (x val) to(s graph.Shape) val {
	if x.shape.Equal(s) {
		return x
	}
	kept, at := graph.Shape{}, []int{} // axes of size 1 are dropped, which broadcast_in_dim does not repeat in all versions
	for i, d := range x.shape {
		if ax := len(s) - len(x.shape) + i; d == s[ax] {
			kept, at = append(kept, d), append(at, ax)
		}
	}
	return x.reshape(kept...).lay(s, at...)
}

// lay repeats x to a shape, its axes being those of the given numbers.
func (x val) lay(s graph.Shape, at ...int) val {
	if x.shape.Equal(s) {
		return x
	}
	return x.e.op("broadcast_in_dim", "dims = "+list(at), typ{x.elem, s}, x)
}

func broadcastShape(x, y graph.Shape) graph.Shape {
	if len(x) < len(y) {
		x, y = y, x
	}
	s := append(graph.Shape{}, x...)
	for i, d := range y {
		if ax := len(x) - len(y) + i; s[ax] == 1 {
			s[ax] = d
		}
	}
	return s
}
