package c

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"dnn/pkg/export/calls"
)

// code writes calls as C, and notes what they need.
type code struct {
	tables  [][]int // of whole numbers, each a constant
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
			fmt.Fprintf(&out, "    /* %s */\n", comment(layer))
		}
		kernel := "k_" + snake(call.Kernel)
		if !c.library.has(kernel) {
			return "", &calls.Unsupported{Layer: call.Layer, Op: call.Op, Why: "is not supported in C"}
		}
		c.needs = append(c.needs, kernel)
		args := make([]string, len(call.Args))
		for i, a := range call.Args {
			var err error
			if args[i], err = c.arg(&call, a); err != nil {
				return "", err
			}
		}
		fmt.Fprintf(&out, "    %s(%s);\n", kernel, strings.Join(args, ", "))
	}
	return out.String(), nil
}

// arg is an argument.
func (c *code) arg(call *calls.Call, a calls.Arg) (string, error) {
	switch a := a.(type) {
	case calls.Buffer:
		return place(a), nil
	case calls.None:
		return "0", nil
	case int:
		return strconv.Itoa(a), nil
	case float32:
		return float(a), nil
	case []int:
		return c.table(a), nil
	case calls.Func:
		name := "f_" + string(a)
		if !c.library.has(name) {
			return "", &calls.Unsupported{Layer: call.Layer, Op: call.Op, Why: "applies " + string(a) + ", which is not supported in C"}
		}
		c.needs = append(c.needs, name)
		return name, nil
	}
	panic(fmt.Sprintf("c: argument of type %T", a))
}

// place is where a piece of a space begins.
func place(b calls.Buffer) string { return fmt.Sprintf("%c + %d", "fnwb"[b.Space], b.Offset) }

// table is the name of a constant with a table of whole numbers.
func (c *code) table(x []int) string {
	i := slices.IndexFunc(c.tables, func(t []int) bool { return slices.Equal(t, x) })
	if i < 0 {
		i = len(c.tables)
		c.tables = append(c.tables, x)
	}
	return "table" + strconv.Itoa(i)
}

// constants declares the tables.
func (c *code) constants() string {
	var out strings.Builder
	for i, t := range c.tables {
		fmt.Fprintf(&out, "static const int table%d[] = {%s};\n\n", i, list(t, strconv.Itoa))
	}
	return out.String()
}

// list is numbers with commas between them, in lines of moderate length.
func list[T any](x []T, show func(T) string) string {
	var out strings.Builder
	length := 0
	for i, v := range x {
		text := show(v)
		if i > 0 {
			out.WriteString(", ")
		}
		if length += len(text) + 2; length > 110 {
			out.WriteString("\n    ")
			length = len(text) + 2
		}
		out.WriteString(text)
	}
	return strings.ReplaceAll(out.String(), " \n", "\n")
}

// float is a float as a constant.
func float(x float32) string {
	switch {
	case math.IsInf(float64(x), 1):
		return "HUGE_VALF"
	case math.IsInf(float64(x), -1):
		return "-HUGE_VALF"
	case x != x:
		return "(HUGE_VALF - HUGE_VALF)"
	}
	return point(strconv.FormatFloat(float64(x), 'g', -1, 32)) + "f"
}

// double is a double as a constant.
func double(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "HUGE_VAL"
	case math.IsInf(x, -1):
		return "-HUGE_VAL"
	case x != x:
		return "(HUGE_VAL - HUGE_VAL)"
	}
	return point(strconv.FormatFloat(x, 'g', -1, 64))
}

// point makes a constant of digits one of floating point.
func point(text string) string {
	if !strings.ContainsAny(text, ".e") {
		return text + ".0"
	}
	return text
}

// snake is a name with capitals as C writes it.
func snake(name string) string {
	var out strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}

// comment is a text for a comment of one line: what others named may hold anything.
func comment(text string) string {
	quoted := strconv.QuoteToASCII(text)
	return strings.NewReplacer("*/", "* /", "/*", "/ *", "?", "\\?").Replace(quoted[1 : len(quoted)-1])
}

// text is one as a string of C, whatever is in it: bytes that are no plain characters are written in octal.
func text(s string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, b := range []byte(s) {
		switch {
		case b == '"', b == '\\', b == '?', b < ' ', b > '~':
			fmt.Fprintf(&out, "\\%03o", b)
		default:
			out.WriteByte(b)
		}
	}
	out.WriteByte('"')
	return out.String()
}
