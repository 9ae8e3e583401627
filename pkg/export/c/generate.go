// Package c writes a model as C99: a header and a source that need nothing but the C library, take no memory while they run, and
// compute what dnn computes, to the bit.
package c

import (
	"fmt"
	"strconv"
	"strings"

	"dnn/pkg/export"
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
	for _, taken := range []string{"predict", "encode", "number"} {
		g.used[name+"_"+taken] = true
	}
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

	inputs, outputs   int
	declared, defined strings.Builder // in the header, and in the source
	lists, encode     strings.Builder // of columns
	words, results    strings.Builder // cases of the words of columns; what is made of the outputs
	double, cleared   bool
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

/* What a row holds: numbers in their unit, NAN or INFINITY for a missing one; words as %[2]s_encode gives them; pixels as 0 to 255. */
typedef %[4]s %[2]s_number;

#define %[1]s_INPUTS %[5]d
#define %[1]s_OUTPUTS %[6]d

/* The places of columns in a row, and of predictions in the outputs. */
%[7]s
/* Predicts a row: probabilities of classes and labels, of a target of two classes that of the second, and numbers in their unit. It
   returns 0; or the place of a column plus 1 if what is there cannot be read; or -1 if a prediction is not a number. It works in static
   memory: one thread at a time may be in it. */
int %[2]s_predict(const %[2]s_number *in, float *out);

/* What stands for a word of the column at a place, written as in the training data. An empty one, or one that data files write for a
   missing value, such as NA, is NAN. A word that the training data did not have has a number of its own, as in dnn predict; where the
   column must be one of two words, it is -1, which cannot be predicted. */
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
	out.WriteString(g.constants() + g.lists.String() + library + g.defined.String())
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
    (void)word;
    switch (column) {
%[6]s    }
    return NAN;
}
`, g.name, g.encode.String(), body, g.results.String(), g.outputs, g.words.String())
	return out.String()
}
