package golang

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"dnn/pkg/export/calls"
)

// code writes calls as Go, and notes what they need.
type code struct {
	tables  [][]int // of whole numbers, each a variable
	needs   []string
	library *library
}

// calls are the lines of a net's calls on the arenas f and n and the tables w and b.
func (c *code) calls(net *calls.Net) (string, error) {
	var out strings.Builder
	layer := ""
	for _, call := range net.Calls {
		if call.Layer != layer {
			layer = call.Layer
			fmt.Fprintf(&out, "\t// %s\n", comment(layer))
		}
		if !c.library.has(call.Kernel) {
			return "", &calls.Unsupported{Layer: call.Layer, Op: call.Op}
		}
		c.needs = append(c.needs, call.Kernel)
		args := make([]string, len(call.Args))
		for i, a := range call.Args {
			var err error
			if args[i], err = c.arg(&call, a); err != nil {
				return "", err
			}
		}
		fmt.Fprintf(&out, "\t%s(%s)\n", call.Kernel, strings.Join(args, ", "))
	}
	return out.String(), nil
}

// arg is an argument.
func (c *code) arg(call *calls.Call, a calls.Arg) (string, error) {
	switch a := a.(type) {
	case calls.Buffer:
		return span(a), nil
	case calls.None:
		return "nil", nil
	case int:
		return strconv.Itoa(a), nil
	case float32:
		return float(a), nil
	case []int:
		return c.table(a), nil
	case calls.Func:
		name := camel(string(a))
		if !c.library.has(name) {
			return "", &calls.Unsupported{Layer: call.Layer, Op: call.Op, Why: "applies " + string(a) + ", which is not supported"}
		}
		c.needs = append(c.needs, name)
		return name, nil
	}
	panic(fmt.Sprintf("golang: argument of type %T", a))
}

// span is a piece of a space.
func span(b calls.Buffer) string {
	return fmt.Sprintf("%c[%d:%d]", "fnwb"[b.Space], b.Offset, b.Offset+b.Size)
}

// table is the name of a variable with a table of whole numbers.
func (c *code) table(x []int) string {
	i := slices.IndexFunc(c.tables, func(t []int) bool { return slices.Equal(t, x) })
	if i < 0 {
		i = len(c.tables)
		c.tables = append(c.tables, x)
	}
	return "table" + strconv.Itoa(i)
}

// variables declares the tables.
func (c *code) variables() string {
	var out strings.Builder
	for i, t := range c.tables {
		fmt.Fprintf(&out, "var table%d = []int{%s}\n", i, list(t))
	}
	return out.String()
}

// list is numbers with commas between them, in lines of moderate length.
func list(x []int) string {
	var out strings.Builder
	for i, v := range x {
		if i > 0 {
			out.WriteString(", ")
			if i%24 == 0 {
				out.WriteString("\n\t")
			}
		}
		out.WriteString(strconv.Itoa(v))
	}
	return out.String()
}

// float is a float32 as a constant.
func float(x float32) string { return number(float64(x), 32) }

// number is a number as a constant, of so many bits.
func number(x float64, bits int) string {
	switch {
	case math.IsInf(x, 0):
		return fmt.Sprintf("float%d(math.Inf(%d))", bits, int(math.Copysign(1, x)))
	case x != x:
		return fmt.Sprintf("float%d(math.NaN())", bits)
	case x == 0 && math.Signbit(x):
		return fmt.Sprintf("float%d(math.Copysign(0, -1))", bits)
	}
	return strconv.FormatFloat(x, 'g', -1, bits)
}

// camel is a name with underscores as Go writes it.
func camel(name string) string {
	parts := strings.Split(name, "_")
	for i := range parts[1:] {
		parts[1+i] = strings.ToUpper(parts[1+i][:1]) + parts[1+i][1:]
	}
	return strings.Join(parts, "")
}

// comment is a text for a comment of one line: what others named may hold anything.
func comment(text string) string {
	quoted := strconv.QuoteToASCII(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], "*/", "* /")
}
