package c

import (
	"fmt"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/export"
	"dnn/pkg/export/calls"
)

// columns writes what encodes a row.
func (g *generator) columns() error {
	for _, c := range g.model.Columns {
		if c.Text != nil {
			return fmt.Errorf("%s: texts are not exported to C (%s)", g.model.Name, phrase.Quote(c.Name))
		}
		g.double = g.double || c.Number != nil
	}
	cleared := map[int]bool{}
	for i, c := range g.model.Columns {
		space := "fn"[c.Space]
		if !cleared[c.Place.Offset] || c.Space == calls.Ints {
			cleared[c.Place.Offset] = true
			fmt.Fprintf(&g.encode, "    for (i = 0; i < %d; i++) {\n        %c[%d + i] = 0;\n    }\n", c.Place.Size, space, c.Place.Offset)
		}
		at, count := g.inputs, 1
		macro := g.macro("IN", c.Name)
		switch {
		case c.Number != nil:
			g.number(at, c)
		case c.Category != nil:
			g.category(i, macro, at, c)
		case c.Binary != nil:
			g.binary(i, macro, at, c)
		case c.Image != nil:
			count = c.Size
			g.image(i, at, c)
		}
		fmt.Fprintf(&g.declared, "#define %s %d /* %s%s */\n", macro, at, comment(c.Name), pixels(c))
		g.inputs += count
	}
	return nil
}

func pixels(c export.Column) string {
	if c.Image == nil {
		return ""
	}
	return fmt.Sprintf(": %d numbers", c.Size)
}

// number encodes a number.
func (g *generator) number(at int, c export.Column) {
	missing := fmt.Sprintf("return %d;", at+1)
	if c.Number.Fill != nil {
		missing = fmt.Sprintf("x = %s;", double(*c.Number.Fill))
	}
	fmt.Fprintf(&g.encode, "    {\n        double x = in[%d];\n        if (!(x - x == 0)) {\n            %s\n        }\n        f[%d] = (float)(%s);\n        if (!(f[%[3]d] - f[%[3]d] == 0)) {\n            return %[5]d;\n        }\n    }\n",
		at, missing, c.Offset, g.scaled(c.Number.Scaling, "x"), at+1)
}

// list declares words as a constant, and returns the call that looks for a word among them. all are those of the column: true and false
// may be written in any letters, and a number otherwise than in the training data: 1.0 for 1.
func (g *generator) list(name string, words, all []string, numbers bool) string {
	fmt.Fprintf(&g.lists, "static const char *const %s[] = {%s};\n\n", name, list(words, text))
	look := "k_word"
	switch {
	case column.Booleans(all):
		look = "k_boolean"
	case numbers:
		look = "k_numeral"
	}
	g.needs = append(g.needs, look)
	return fmt.Sprintf("%s(word, %s, %d)", look, name, len(words))
}

func isNumber(word string) bool { _, ok := numeral.Parse(word); return ok }

func isWord(word string) bool { return !isNumber(word) }

// category encodes a word by its class: 0 for an unknown one, then come the words, others and a missing one.
func (g *generator) category(i int, macro string, at int, c export.Column) {
	k := c.Category
	others := len(k.Words)
	if k.Other {
		others++
	}
	most, missing := others, "class = 0;"
	gap := 0
	for j, w := range k.Words {
		if w == k.Gap {
			gap = j + 1
		}
	}
	switch {
	case k.GapIsError:
		missing = fmt.Sprintf("return %d;", at+1)
	case k.Missing:
		most++
		missing = fmt.Sprintf("class = %d;", most)
	case gap > 0:
		missing = fmt.Sprintf("class = %d;", gap)
	case k.Other:
		missing = fmt.Sprintf("class = %d;", others)
	}
	set := fmt.Sprintf("if (class > 0) {\n            f[%d + class] = 1;\n        }", c.Offset-1)
	if k.Index {
		set = fmt.Sprintf("n[%d] = class;", c.Offset)
	}
	fmt.Fprintf(&g.encode, "    {\n        int class = 0;\n        if (in[%[1]d] != in[%[1]d]) {\n            %[2]s\n        } else if (in[%[1]d] >= 0 && in[%[1]d] <= %[3]d && in[%[1]d] == (int)in[%[1]d]) {\n            class = (int)in[%[1]d];\n        } else {\n            return %[4]d;\n        }\n        %[5]s\n    }\n",
		at, missing, most, at+1, set)
	place := g.list(fmt.Sprintf("words%d", i), k.Words, k.Words, !slices.ContainsFunc(k.Words, isWord))
	other := 0
	if k.Other {
		other = others
	}
	fmt.Fprintf(&g.words, "    case %s: {\n        const int i = %s;\n        if (i < 0 && k_gap(word)) {\n            return NAN;\n        }\n        return (%s_number)(i < 0 ? %d : i + 1);\n    }\n", macro, place, g.name, other)
	g.needs = append(g.needs, "k_gap")
}

// binary encodes one of two words.
func (g *generator) binary(i int, macro string, at int, c export.Column) {
	b := c.Binary
	missing := fmt.Sprintf("return %d;", at+1)
	if b.Gap != "" {
		one := "0"
		for _, w := range b.Positive {
			if w == b.Gap {
				one = "1"
			}
		}
		missing = fmt.Sprintf("f[%d] = %s;", c.Offset, one)
	}
	fmt.Fprintf(&g.encode, "    if (in[%[1]d] != in[%[1]d]) {\n        %[2]s\n    } else if (in[%[1]d] == 0 || in[%[1]d] == 1) {\n        f[%[3]d] = (float)in[%[1]d];\n    } else {\n        return %[4]d;\n    }\n", at, missing, c.Offset, at+1)
	negatives := append([]string{b.Negative}, b.Negatives...)
	all := slices.Concat(b.Positive, negatives)
	look := func(name string, words []string) string {
		return g.list(fmt.Sprintf("%s%d", name, i), words, all, slices.ContainsFunc(words, isNumber))
	}
	other := 0
	if b.Strict {
		other = -1
	}
	fmt.Fprintf(&g.words, "    case %s:\n        if (%s >= 0) {\n            return 1;\n        }\n", macro, look("words", b.Positive))
	fmt.Fprintf(&g.words, "        return %s >= 0 ? 0 : k_gap(word) ? NAN : %d;\n", look("others", negatives), other)
	g.needs = append(g.needs, "k_gap")
}

// image encodes pixels.
func (g *generator) image(i, at int, c export.Column) {
	fmt.Fprintf(&g.encode, "    for (i = 0; i < %d; i++) {\n        const double x = in[%d + i];\n        if (!(x - x == 0)) {\n            return %d + i;\n        }\n", c.Size, at, at+1)
	channels := len(c.Image.Scalings)
	for k, s := range c.Image.Scalings {
		if channels > 1 {
			fmt.Fprintf(&g.encode, "        if (i %% %d == %d) {\n            f[%d + i] = (float)(%s);\n        }\n", channels, k, c.Offset, g.scaled(s, "x"))
			continue
		}
		fmt.Fprintf(&g.encode, "        f[%d + i] = (float)(%s);\n", c.Offset, g.scaled(s, "x"))
	}
	fmt.Fprintf(&g.encode, "        if (!(f[%[1]d + i] - f[%[1]d + i] == 0)) {\n            return %[2]d + i;\n        }\n    }\n", c.Offset, at+1)
}
