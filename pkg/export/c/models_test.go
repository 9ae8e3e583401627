package c

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	_ "dnn/pkg/compress" // a sample has steps
	"dnn/pkg/export"
	"dnn/pkg/export/exporttest"
	"dnn/pkg/model"
	"dnn/pkg/task"
)

// refused are the samples that are not exported, with a part of what is said.
var refused = map[string]string{
	"forecast": "predicts a series relative to its history", "gpt": "continues texts",
	"keys": "writes texts (word)", "stems": "writes texts (stem)", "summarize": "writes texts (line)", "translate": "writes texts (es)",
	"attention": `texts are not exported to C ("word")`, "names": `texts are not exported to C ("word")`, "tagging": `texts are not exported to C ("word")`,
	"words": `texts are not exported to C ("text")`,
}

// int8Of begins the paths of samples that are taken in 8-bit integers.
const int8Of = "int8:"

// TestModels compiles the samples, and others, as one program, and compares what they predict with dnn, each bit.
func TestModels(t *testing.T) {
	paths, err := filepath.Glob("../../../configs/*.yaml")
	if err != nil || len(paths) < 19 {
		t.Fatal(paths, err)
	}
	more, err := filepath.Glob("../exporttest/testdata/*.yaml")
	if err != nil || len(more) < 3 {
		t.Fatal(more, err)
	}
	files := map[string]string{}
	var in bytes.Buffer
	var includes, cases strings.Builder
	var want []string
	exported := 0
	small := []string{int8Of + "../../../configs/digits.yaml", int8Of + "../../../configs/cnn.yaml", int8Of + "../../../configs/skip.yaml"}
	for _, path := range slices.Concat(paths, more, small) {
		name := strings.TrimSuffix(filepath.Base(path), ".yaml")
		f, err := exporttest.Untrained(strings.TrimPrefix(path, int8Of))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(path, int8Of) {
			name += "8"
			if f, err = exporttest.Int8(f); err != nil {
				t.Fatal(err)
			}
		}
		m, err := export.Open(f)
		var s *Source
		if err == nil {
			s, err = Generate(m, name)
		}
		if said := refused[name]; said != "" {
			if err == nil || !strings.Contains(err.Error(), said) {
				t.Errorf("%s: %v, want %q", name, err, said)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		files[name+".h"], files[name+".c"] = string(s.Header), string(s.Source)
		fmt.Fprintf(&includes, "#include \"%s.h\"\n", name)
		fmt.Fprintf(&cases, "static void run%d(void) {\n%s}\n\n", exported, program(m, name))
		for _, row := range rowsOf(t, f) {
			binary.Write(&in, binary.LittleEndian, int32(exported))
			feed(&in, m, row)
			want = append(want, name+": "+expected(f, row))
		}
		exported++
	}
	switches := ""
	for i := range exported {
		switches += fmt.Sprintf("        case %d: run%d(); break;\n", i, i)
	}
	files["main.c"] = "#include <math.h>\n#include <stdint.h>\n#include <stdio.h>\n" + includes.String() + `
static char word[4096];

static double number(void) {
    double x = 0;
    if (fread(&x, 8, 1, stdin) != 1) {
        fputs("short\n", stderr);
    }
    return x;
}

/* reads a word: its length, and its bytes */
static const char *text(void) {
    const size_t n = (size_t)number();
    if (fread(word, 1, n, stdin) != n) {
        fputs("short\n", stderr);
    }
    word[n] = 0;
    return word;
}

` + cases.String() + "int main(void) {\n    int32_t k;\n    while (fread(&k, 4, 1, stdin) == 1) {\n        switch (k) {\n" + switches + "        }\n    }\n    return 0;\n}\n"
	got := strings.Split(strings.TrimSuffix(string(compile(t, files, in.Bytes(), "-std=c99", "-O1")), "\n"), "\n")
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	wrong := 0
	for i := range got {
		if got[i] != want[i] && wrong < 20 {
			wrong++
			t.Errorf(" got %.300s\nwant %.300s", got[i], want[i])
		}
	}
	t.Logf("%d models, %d rows", exported, len(want))
}

// program reads a row, predicts it, and prints the bits of what is predicted.
func program(m *export.Model, name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "    static %[1]s_number in[%[2]s_INPUTS];\n    float out[%[2]s_OUTPUTS];\n    int i;\n", name, strings.ToUpper(name))
	at := 0
	for _, c := range m.Columns {
		switch {
		case c.Number != nil:
			fmt.Fprintf(&b, "    in[%d] = (%s_number)number();\n", at, name)
			at++
		case c.Image != nil:
			fmt.Fprintf(&b, "    for (i = 0; i < %d; i++) {\n        in[%d + i] = (%s_number)number();\n    }\n", c.Size, at, name)
			at += c.Size
		default:
			fmt.Fprintf(&b, "    in[%d] = %s_encode(%d, text());\n", at, name, at)
			at++
		}
	}
	fmt.Fprintf(&b, "    printf(\"%[1]s:\");\n    if (%[1]s_predict(in, out) != 0) {\n        puts(\" error\");\n        return;\n    }\n", name)
	fmt.Fprintf(&b, "    for (i = 0; i < %s_OUTPUTS; i++) {\n        printf(\" %%a\", (double)out[i]);\n    }\n    puts(\"\");\n", strings.ToUpper(name))
	return b.String()
}

func rowsOf(t *testing.T, f *model.File) []exporttest.Row {
	t.Helper()
	path, err := exporttest.Data(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := exporttest.Rows(f, path, 25)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// feed writes what the program reads of a row.
func feed(in *bytes.Buffer, m *export.Model, row exporttest.Row) {
	write := func(x float64) { binary.Write(in, binary.LittleEndian, x) }
	for _, c := range m.Columns {
		switch {
		case c.Image != nil:
			for _, p := range row.Pixels[c.Name] {
				write(float64(p))
			}
		case c.Number != nil:
			x, err := strconv.ParseFloat(row.Texts[c.Name], 64)
			if err != nil {
				x = math.NaN()
			}
			write(x)
		default:
			text := strings.TrimSpace(row.Texts[c.Name])
			if text == "NA" {
				text = ""
			}
			write(float64(len(text)))
			in.WriteString(text)
		}
	}
}

// expected are the numbers that dnn predicts, as the program prints them: in hexadecimal, of two classes the second alone.
func expected(f *model.File, row exporttest.Row) string {
	if row.Error {
		return "error"
	}
	words := strings.Split(row.Want, "|")
	var out []string
	for k := range f.Net.Heads {
		h := &f.Net.Heads[k]
		count := h.Width
		switch h.Kind {
		case task.Category:
			words = words[1:]
		case task.Binary:
			words = words[2:] // the class, and the probability of the first
		}
		if h.Kind == task.Labels { // those that hold
			words = words[len(words)-count:]
		}
		each := 1 + 2*len(f.Net.Tuning.Intervals(k)) // bounds are not exported to C
		for i := range count {
			x, _ := strconv.ParseFloat(words[i*each], 64)
			out = append(out, hexadecimal(float32(x)))
		}
		words = words[count*each:]
	}
	return strings.Join(out, " ")
}

// hexadecimal is a number as printf("%a") writes it.
func hexadecimal(x float32) string {
	text := strconv.FormatFloat(float64(x), 'x', -1, 64)
	mantissa, exponent, _ := strings.Cut(text, "p")
	n, _ := strconv.Atoi(exponent)
	return fmt.Sprintf("%sp%+d", mantissa, n)
}

// TestTexts: what others named ends no string and no comment.
func TestTexts(t *testing.T) {
	for in, want := range map[string]string{
		"plain": `"plain"`, `a"b\c`: `"a\042b\134c"`, "x\n*/": `"x\012*/"`, "é??/9": `"\303\251\077\077/9"`,
	} {
		if got := text(in); got != want {
			t.Errorf("%q becomes %s, want %s", in, got, want)
		}
	}
	if got := comment("a*/b\n/*c??/"); got != `a* /b\n/ *c\?\?/` {
		t.Error(got)
	}
}
