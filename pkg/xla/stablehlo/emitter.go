package stablehlo

import (
	"fmt"
	"strconv"
	"strings"

	"dnn/pkg/graph"
)

// typ is the type of a value of the module. Integers without a sign and predicates have no type in a graph.
type typ struct {
	elem  string // f32, i32, ui32, ui64, bf16, i8, ui8, i1
	shape graph.Shape
}

func (t typ) String() string {
	var b strings.Builder
	b.WriteString("tensor<")
	for _, d := range t.shape {
		b.WriteString(strconv.Itoa(d))
		b.WriteByte('x')
	}
	b.WriteString(t.elem)
	b.WriteByte('>')
	return b.String()
}

var elems = map[graph.DType]string{graph.F32: "f32", graph.I32: "i32", graph.BF16: "bf16", graph.I8: "i8", graph.U8: "ui8"}

// typeOf is the type that a value of the graph has in the module.
func typeOf(t graph.Type) typ { return typ{elems[t.DType], t.Shape} }

// val is a value of the module.
type val struct {
	e    *emitter
	name string
	typ
}

// emitter writes the lines of the function.
type emitter struct {
	out   strings.Builder
	count int
	err   error
}

// fresh is a value with a name of its own.
func (e *emitter) fresh(t typ) val {
	e.count++
	return val{e, "%" + strconv.Itoa(e.count), t}
}

// fail keeps the first error; what is written after it is never read.
func (e *emitter) fail(n *graph.Node, why string) []val {
	if e.err == nil {
		e.err = &Unsupported{n.Scope, n.Op.Name, why}
	}
	var out []val
	for _, v := range n.Outputs {
		out = append(out, e.fresh(typeOf(v.Type)))
	}
	return out
}

func (e *emitter) line(format string, args ...any) {
	fmt.Fprintf(&e.out, "    "+format+"\n", args...)
}

// op adds an operation with one result: NAME INPUTS ATTRIBUTES : (TYPES) -> TYPE.
func (e *emitter) op(name, attrs string, t typ, in ...val) val {
	y := e.fresh(t)
	if attrs != "" {
		attrs = ", " + attrs
	}
	e.line("%s = stablehlo.%s %s%s : (%s) -> %v", y.name, name, names(in), attrs, types(in), t)
	return y
}

func names(in []val) string {
	var list []string
	for _, v := range in {
		list = append(list, v.name)
	}
	return strings.Join(list, ", ")
}

func types(in []val) string {
	var list []string
	for _, v := range in {
		list = append(list, v.String())
	}
	return strings.Join(list, ", ")
}

// String is the type of a value.
func (v val) String() string { return v.typ.String() }

// number is a constant, one number repeated to a shape.
func (e *emitter) number(x float64, elem string, shape ...int) val {
	y := e.fresh(typ{elem, shape})
	e.line("%s = stablehlo.constant dense<%s> : %v", y.name, literal(x, elem), y.typ)
	return y
}

// zeros is a constant of a type.
func (e *emitter) zeros(t typ) val { return e.number(0, t.elem, t.shape...) }

// like is a number of the type of x, as a scalar that operations repeat.
func (x val) number(c float64) val { return x.e.number(c, x.elem) }

// literal is a number as StableHLO reads it back to the bit.
func literal(x float64, elem string) string {
	switch elem {
	case "f32":
		return fmt.Sprintf("0x%08X", bits32(x))
	case "f64":
		return fmt.Sprintf("0x%016X", bits64(x))
	case "bf16":
		return fmt.Sprintf("0x%04X", bits32(x)>>16)
	case "i1":
		return strconv.FormatBool(x != 0)
	}
	return strconv.FormatInt(int64(x), 10)
}

// list writes whole numbers as [1, 2, 3].
func list[T any](x []T) string {
	var s []string
	for _, v := range x {
		s = append(s, fmt.Sprint(v))
	}
	return "[" + strings.Join(s, ", ") + "]"
}
