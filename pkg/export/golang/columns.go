package golang

import (
	"fmt"
	"strconv"
	"strings"

	"dnn/pkg/export"
	"dnn/pkg/export/calls"
)

// columns declares the columns, and writes the lines that encode them.
func (g *generator) columns() (declared, encode string) {
	kinds := map[string]string{}
	order := []string{}
	add := func(kind, text string) {
		if kinds[kind] == "" {
			order = append(order, kind)
		}
		kinds[kind] += "\t{" + text + "},\n"
	}
	cleared := map[string]bool{}
	lines := ""
	for i, c := range g.model.Columns {
		if block := span(c.Buffer); !cleared[block] {
			cleared[block] = true
			clear := "f"
			if c.Space == calls.Ints {
				clear = "n"
			}
			encode += fmt.Sprintf("\tfor i := range %s {\n\t\t%s[%d+i] = 0\n\t}\n", block, clear, c.Place.Offset)
		}
		name := strconv.QuoteToASCII(c.Name)
		switch {
		case c.Number != nil:
			filled, fill := c.Number.Fill != nil, 0.0
			if filled {
				fill = *c.Number.Fill
			}
			add("numberColumn", fmt.Sprintf("%s, %d, %t, %s, %s", name, c.Offset, filled, number(fill, 64), scaling(c.Number.Scaling)))
		case c.Category != nil:
			kind := "categoryColumn"
			if c.Category.Index {
				kind = "indexColumn"
			}
			add(kind, fmt.Sprintf("%s, %d, %s, %t, %t, %s, %t", name, c.Offset, texts(c.Category.Words), c.Category.Other, c.Category.Missing,
				strconv.QuoteToASCII(c.Category.Gap), c.Category.GapIsError))
		case c.Binary != nil:
			b := c.Binary
			add("binaryColumn", fmt.Sprintf("%s, %d, %s, %s, %s, %t, %s", name, c.Offset, texts(b.Positive), strconv.QuoteToASCII(b.Negative), texts(b.Negatives), b.Strict, strconv.QuoteToASCII(b.Gap)))
		case c.Image != nil:
			scalings := ""
			for _, s := range c.Image.Scalings {
				scalings += scaling(s) + ", "
			}
			add("imageColumn", fmt.Sprintf("%s, %d, %d, []scaling{%s}", name, c.Offset, c.Size, scalings))
		case c.Text != nil:
			lines += g.text(i, c)
			cut := camel("cut_" + c.Text.Tokenizer)
			declared += fmt.Sprintf("var text%d = textColumn{name: %s, at: %d, most: %d, start: %t, unlimited: %t, required: %t, uniform: %t, exact: %t, lowercase: %t, gapWords: %t, cut: %s, tokens: tokensOf(%s...)}\n\n",
				i, name, c.Offset, c.Size, c.Text.Start, c.Text.Unlimited, c.Text.GapIsError, !g.uneven(c), c.Text.Exact, c.Text.Lowercase, c.Text.GapWords, cut, texts(c.Text.Words))
			g.needs = append(g.needs, "textColumn", "tokensOf", cut)
		}
	}
	for _, kind := range order {
		of, method, space := kind, "encode", "f"
		if kind == "indexColumn" {
			of, method, space = "categoryColumn", "encodeIndex", "n"
		}
		g.needs = append(g.needs, of)
		declared += fmt.Sprintf("var %ss = []%s{\n%s}\n\n", kind, of, kinds[kind])
		encode += fmt.Sprintf("\tfor i := range %ss {\n\t\tif err := %[1]ss[i].%s(row, %s); err != nil {\n\t\t\treturn p, err\n\t\t}\n\t}\n", kind, method, space)
	}
	return declared, encode + lines
}

// text are the lines that encode a text.
func (g *generator) text(i int, c export.Column) string {
	lines := fmt.Sprintf("\tsteps%d, err := text%[1]d.encode(row, n)\n\tif err != nil {\n\t\treturn p, err\n\t}\n", i)
	for _, l := range g.model.Lengths {
		if l.Column == c.Name {
			lines += fmt.Sprintf("\tn[%d] = int32(steps%d)\n", l.Offset, i)
		}
	}
	return lines + fmt.Sprintf("\t_ = steps%d\n", i)
}

// uneven reports whether the net is told how many steps a column has.
func (g *generator) uneven(c export.Column) bool {
	for _, l := range g.model.Lengths {
		if l.Column == c.Name {
			return true
		}
	}
	return false
}

// scaling is one as a literal.
func scaling(s export.Scaling) string {
	knots := "nil"
	if s.Knots != nil {
		var out strings.Builder
		out.WriteString("[][2]float64{")
		for i, k := range s.Knots {
			if i > 0 && i%8 == 0 {
				out.WriteString("\n")
			}
			fmt.Fprintf(&out, "{%s, %s}, ", number(k[0], 64), number(k[1], 64))
		}
		knots = out.String() + "}"
	}
	return fmt.Sprintf("scaling{%q, %s, %s, %s}", s.Log, number(s.Shift, 64), number(s.Scale, 64), knots)
}

// texts is a list of texts, whatever is in them, as a literal.
func texts(list []string) string {
	if len(list) == 0 {
		return "nil"
	}
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = strconv.QuoteToASCII(s)
	}
	return "[]string{" + strings.Join(quoted, ", ") + "}"
}
