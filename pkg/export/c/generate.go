// Package c writes a model as C99: a header and a source that need nothing but the C library, take no memory while they run, and
// compute what dnn computes, to the bit.
package c

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/export"
	"dnn/pkg/export/calls"
	"dnn/pkg/task"
)

// includes begin every source. What a compiler may be told to do to arithmetic would change bits.
const includes = `#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes results"
#endif
#if FLT_EVAL_METHOD == 1 || FLT_EVAL_METHOD == 2
#error "compile for arithmetic without extra precision: -msse2 -mfpmath=sse"
#endif

`

// Source is a header and a source.
type Source struct{ Header, Source []byte }

// Generate writes a source whose functions begin with a name.
func Generate(m *export.Model, name string) (*Source, error) {
	g := &generator{code: code{library: parsed()}, model: m, name: name, used: map[string]bool{}}
	body, err := g.calls(m.Net)
	if err != nil {
		return nil, err
	}
	if err := g.columns(); err != nil {
		return nil, err
	}
	if err := g.heads(); err != nil {
		return nil, err
	}
	library, err := g.library.source(g.needs)
	if err != nil {
		return nil, err
	}
	return &Source{[]byte(g.header()), []byte(g.source(library, body))}, nil
}

// generator writes one source.
type generator struct {
	code
	model *export.Model
	name  string
	used  map[string]bool // names of macros

	inputs, outputs    int
	declared, defined  strings.Builder // in the header, and in the source
	constants2, encode strings.Builder // of columns
	words, results     strings.Builder // cases of the words of columns; what is made of the outputs
	double, cleared    bool
}

// header is the file that others include.
func (g *generator) header() string {
	up := strings.ToUpper(g.name)
	number := "float"
	if g.double {
		number = "double"
	}
	return fmt.Sprintf(`/* Written by dnn export. The model %[3]s in C99. */
#ifndef %[1]s_H
#define %[1]s_H

#ifdef __cplusplus
extern "C" {
#endif

/* What a row holds: numbers in their unit, NAN for a missing one; words as %[2]s_encode gives them; pixels as 0 to 255. */
typedef %[4]s %[2]s_number;

#define %[1]s_INPUTS %[5]d
#define %[1]s_OUTPUTS %[6]d

/* The places of columns in a row, and of predictions in the outputs. */
%[7]s
/* Predicts a row: probabilities of classes and labels, of a target of two classes that of the second, and numbers in their unit. It
   returns 0; or the place of a column plus 1 if what is there cannot be read; or -1 if a prediction is not a number. It works in static
   memory: one thread at a time may be in it. */
int %[2]s_predict(const %[2]s_number *in, float *out);

/* What stands for a word of the column at a place, written as in the training data; NAN for an empty one, and where the column has no
   such word. */
%[2]s_number %[2]s_encode(int column, const char *word);

#ifdef __cplusplus
}
#endif

#endif
`, up, g.name, comment(g.model.Name), number, g.inputs, g.outputs, g.declared.String())
}

// source is the file to compile.
func (g *generator) source(library, body string) string {
	n := g.model.Net
	var out strings.Builder
	fmt.Fprintf(&out, "/* Written by dnn export: see %[1]s.h. */\n#include \"%[1]s.h\"\n\n%s", g.name, includes)
	if len(n.Weights) > 0 {
		fmt.Fprintf(&out, "static const float w[] = {%s};\n\n", list(n.Weights, float))
	}
	if len(n.Bytes) > 0 {
		fmt.Fprintf(&out, "static const int8_t b[] = {%s};\n\n", list(n.Bytes, func(b int8) string { return strconv.Itoa(int(b)) }))
	}
	fmt.Fprintf(&out, "static float f[%d];\n\n", max(1, n.Floats))
	if n.Ints > 0 {
		fmt.Fprintf(&out, "static int32_t n[%d];\n\n", n.Ints)
	}
	out.WriteString(g.constants() + g.constants2.String() + library + g.defined.String())
	fmt.Fprintf(&out, `int %[1]s_predict(const %[1]s_number *in, float *out) {
    int i;
%[2]s%[3]s%[4]s    for (i = 0; i < %[5]d; i++) {
        if (!(out[i] - out[i] == 0)) {
            return -1;
        }
    }
    return 0;
}

%[1]s_number %[1]s_encode(int column, const char *word) {
    if (*word == 0) {
        return NAN;
    }
    switch (column) {
%[6]s    }
    return NAN;
}
`, g.name, g.encode.String(), body, g.results.String(), g.outputs, g.words.String())
	return out.String()
}

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

// macro is a new name for a column or a target.
func (g *generator) macro(kind, text string) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
			out.WriteRune(r)
		default:
			out.WriteByte('_')
		}
	}
	name := strings.ToUpper(g.name + "_" + kind + "_" + out.String())
	for base, i := name, 2; g.used[name]; i++ {
		name = base + "_" + strconv.Itoa(i)
	}
	g.used[name] = true
	return name
}

// scaled is the expression that scales x, which is a double.
func (g *generator) scaled(s export.Scaling, x string) string {
	switch {
	case s.Knots != nil:
		g.needs = append(g.needs, "k_score")
		return fmt.Sprintf("k_score(%s, %s, %d)", x, g.knots(s), len(s.Knots))
	case s.Log == "log":
		g.needs = append(g.needs, "k_ln")
		x = "k_ln(" + x + ")"
	case s.Log == "log1p":
		g.needs = append(g.needs, "k_ln1p")
		x = "k_ln1p(" + x + ")"
	}
	return fmt.Sprintf("(%s - %s) / %s", x, negative(s.Shift), double(s.Scale))
}

// negative is a double that may follow a minus.
func negative(x float64) string {
	if text := double(x); text[0] == '-' {
		return "(" + text + ")"
	} else {
		return text
	}
}

// unscaled is the expression that brings y into its unit.
func (g *generator) unscaled(s export.Scaling, y string) string {
	if s.Knots != nil {
		g.needs = append(g.needs, "k_unscore")
		return fmt.Sprintf("k_unscore(%s, %s, %d)", y, g.knots(s), len(s.Knots))
	}
	x := fmt.Sprintf("fma(%s, %s, %s)", y, double(s.Scale), double(s.Shift))
	switch s.Log {
	case "log":
		g.needs = append(g.needs, "k_exp_double")
		return "k_exp_double(" + x + ")"
	case "log1p":
		g.needs = append(g.needs, "k_exp_double")
		return "k_exp_double(" + x + ") - 1"
	}
	return x
}

// knots declares those of a scaling, and returns their name.
func (g *generator) knots(s export.Scaling) string {
	name := fmt.Sprintf("knots%d", strings.Count(g.constants2.String(), "static const double knots"))
	var all []float64
	for _, k := range s.Knots {
		all = append(all, k[0], k[1])
	}
	fmt.Fprintf(&g.constants2, "static const double %s[] = {%s};\n\n", name, list(all, double))
	return name
}

// number encodes a number.
func (g *generator) number(at int, c export.Column) {
	missing := fmt.Sprintf("return %d;", at+1)
	if c.Number.Fill != nil {
		missing = fmt.Sprintf("x = %s;", double(*c.Number.Fill))
	}
	fmt.Fprintf(&g.encode, "    {\n        double x = in[%d];\n        if (x != x) {\n            %s\n        }\n        f[%d] = (float)(%s);\n        if (!(f[%[3]d] - f[%[3]d] == 0)) {\n            return %[5]d;\n        }\n    }\n",
		at, missing, c.Offset, g.scaled(c.Number.Scaling, "x"), at+1)
}

// list declares words as a constant, and returns the call that looks for a word among them. all are those of the column: true and false
// may be written in any letters.
func (g *generator) list(name string, words, all []string) string {
	fmt.Fprintf(&g.constants2, "static const char *const %s[] = {%s};\n\n", name, list(words, text))
	look := "k_word"
	if column.Booleans(all) {
		look = "k_boolean"
	}
	g.needs = append(g.needs, look)
	return fmt.Sprintf("%s(word, %s, %d)", look, name, len(words))
}

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
	fmt.Fprintf(&g.encode, "    {\n        int class = 0;\n        if (in[%[1]d] != in[%[1]d]) {\n            %[2]s\n        } else if (in[%[1]d] >= 0 && in[%[1]d] <= %[3]d) {\n            class = (int)in[%[1]d];\n        } else {\n            return %[4]d;\n        }\n        %[5]s\n    }\n",
		at, missing, most, at+1, set)
	place := g.list(fmt.Sprintf("words%d", i), k.Words, k.Words)
	other := 0
	if k.Other {
		other = others
	}
	fmt.Fprintf(&g.words, "    case %s: {\n        const int i = %s;\n        return (%s_number)(i < 0 ? %d : i + 1);\n    }\n", macro, place, g.name, other)
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
	fmt.Fprintf(&g.encode, "    if (in[%[1]d] != in[%[1]d]) {\n        %[2]s\n    } else {\n        f[%[3]d] = (float)in[%[1]d];\n    }\n", at, missing, c.Offset)
	negatives := append([]string{b.Negative}, b.Negatives...)
	all := slices.Concat(b.Positive, negatives)
	fmt.Fprintf(&g.words, "    case %s:\n        if (%s >= 0) {\n            return 1;\n        }\n", macro, g.list(fmt.Sprintf("words%d", i), b.Positive, all))
	if b.Strict {
		fmt.Fprintf(&g.words, "        return %s >= 0 ? 0 : NAN;\n", g.list(fmt.Sprintf("others%d", i), negatives, all))
	} else {
		g.words.WriteString("        return 0;\n")
	}
}

// image encodes pixels.
func (g *generator) image(i, at int, c export.Column) {
	fmt.Fprintf(&g.encode, "    for (i = 0; i < %d; i++) {\n        const double x = in[%d + i];\n", c.Size, at)
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

// heads writes what is made of the outputs, with the names of classes and the functions that decide.
func (g *generator) heads() error {
	for _, h := range g.model.Heads {
		if h.Of != "" {
			return fmt.Errorf("%s: predictions for each step are not exported to C (%s)", g.model.Name, phrase.Quote(h.Head.Name))
		}
		at := g.outputs
		macro := g.macro("OUT", h.Head.Name)
		fmt.Fprintf(&g.declared, "#define %s %d /* %s: %d numbers */\n", macro, at, comment(h.Head.Name), h.Width)
		lower := g.name + "_" + strings.ToLower(strings.TrimPrefix(macro, strings.ToUpper(g.name)+"_OUT_"))
		if h.Kind == task.Number {
			for k := range h.Width {
				value := fmt.Sprintf("f[%d]", h.Offset+k)
				if h.Scalings != nil {
					value = "(float)(" + g.unscaled(h.Scalings[k], value) + ")"
				}
				fmt.Fprintf(&g.results, "    out[%d] = %s;\n", at+k, value)
			}
			g.outputs += h.Width
			continue
		}
		fmt.Fprintf(&g.results, "    for (i = 0; i < %d; i++) {\n        out[%d + i] = f[%d + i];\n    }\n", h.Width, at, h.Offset)
		fmt.Fprintf(&g.declared, "extern const char *const %s_classes[%d];\n", lower, len(h.Classes))
		fmt.Fprintf(&g.defined, "const char *const %s_classes[%d] = {%s};\n\n", lower, len(h.Classes), list(h.Classes, text))
		g.decide(h, lower, at)
		g.outputs += h.Width
	}
	return nil
}

// decide writes the function that decides for a class or a label.
func (g *generator) decide(h export.Head, name string, at int) {
	threshold := h.Threshold
	if threshold == 0 {
		threshold = 0.5
	}
	switch h.Kind {
	case task.Binary:
		fmt.Fprintf(&g.declared, "int %s(const float *out); /* the class that is predicted */\n", name)
		fmt.Fprintf(&g.defined, "int %s(const float *out) { return out[%d] >= %s; }\n\n", name, at, double(threshold))
	case task.Labels:
		fmt.Fprintf(&g.declared, "int %s(const float *out, int label); /* whether a label is predicted */\n", name)
		fmt.Fprintf(&g.defined, "int %s(const float *out, int label) { return out[%d + label] >= %s; }\n\n", name, at, double(threshold))
	default:
		fmt.Fprintf(&g.declared, "int %s(const float *out); /* the class that is predicted */\n", name)
		fmt.Fprintf(&g.defined, "int %s(const float *out) {\n    int i, best = 0;\n    for (i = 1; i < %d; i++) {\n        if (out[%[3]d + i] > out[%[3]d + best]) {\n            best = i;\n        }\n    }\n    return best;\n}\n\n", name, h.Width, at)
	}
}

// Name makes a prefix of functions of any text.
func Name(text string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9' && out.Len() > 0:
			out.WriteRune(r)
		case out.Len() > 0 && (r == '_' || r == '-' || r == ' '):
			out.WriteByte('_')
		}
	}
	if name := strings.TrimRight(out.String(), "_"); name != "" {
		return name
	}
	return "model"
}

// ValidName reports whether functions can begin with a name.
func ValidName(name string) bool { return name != "" && Name(name) == name }
