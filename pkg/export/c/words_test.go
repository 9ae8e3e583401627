package c

import (
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/numeral"
)

// Words are looked up without the spaces around them; those that data files write for a missing value are gaps, as for dnn.
func TestWords(t *testing.T) {
	library, err := parsed().source([]string{"k_word", "k_boolean", "k_gap"})
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"", " ", "NA", " n/a ", "NaN", "null", `\N`, "??", "#DIV/0!", "missing", "male", " male\t", "males", "mal", "TRUE", "true ", "tru", "?x", "nanx", "1.#IND"}
	var calls, want strings.Builder
	literal := text
	for _, text := range texts {
		calls.WriteString("    printf(\"%d %d %d\\n\", k_gap(" + literal(text) + "), k_word(" + literal(text) + ", words, 2), k_boolean(" + literal(text) + ", words, 2));\n")
		word, trimmed := "-1", strings.TrimSpace(text)
		boolean := word
		switch {
		case trimmed == "male":
			word, boolean = "0", "0"
		case trimmed == "true":
			word, boolean = "1", "1"
		case trimmed == "TRUE":
			boolean = "1"
		}
		gap := "0"
		if trimmed == "" || numeral.KnownWordGap(trimmed) {
			gap = "1"
		}
		want.WriteString(gap + " " + word + " " + boolean + "\n")
	}
	main := includes + "#include <stdio.h>\n\n" + library + "int main(void) {\n    static const char *const words[] = {\"male\", \"true\"};\n" + calls.String() + "    return 0;\n}\n"
	got := string(compile(t, map[string]string{"main.c": main}, nil, "-std=c99", "-O1"))
	if got != want.String() {
		t.Errorf("%q\ngot\n%s\nwant\n%s", texts, got, want.String())
	}
}

// A word that is a number is found however it is written, as dnn finds it.
func TestNumerals(t *testing.T) {
	library, err := parsed().source([]string{"k_numeral"})
	if err != nil {
		t.Fatal(err)
	}
	words := []string{"1", "0", "-2.50", "1200", "0.004", "+7", ".5"}
	texts := []string{"1", "1.0", " 01 ", "1e0", "10e-1", "0.1e1", "+1", "-1", "1.", "1.01", "11", "0", "-0", "0.00", "0e9", ".0", "-2.5", "-25e-1", "2.5", "1.2e3", "1200.000", "12e2",
		"120", "4e-3", ".004", "0.0040", "0.04", "7", "+7.", "0.5", "5e-1", "50e-2", "", ".", "e1", "1e", "1e+", "1e1.0", "1 0", "one", "0x1", "1_0", "inf", "nan", "--1", "1.0.0", "00.5"}
	known := column.CategoryTargetEncoder{Classes: words}
	known.Prepare()
	var calls, want strings.Builder
	literal := text
	for _, text := range texts {
		fmt.Fprintf(&calls, "    printf(\"%%d\\n\", k_numeral(%s, words, %d));\n", literal(text), len(words))
		at := -1
		if class, err := known.Encode(strings.TrimSpace(text)); err == nil {
			at = int(class)
		}
		fmt.Fprintln(&want, at)
	}
	main := includes + "#include <stdio.h>\n\n" + library + "int main(void) {\n    static const char *const words[] = {" + list(words, literal) + "};\n" + calls.String() + "    return 0;\n}\n"
	got := string(compile(t, map[string]string{"main.c": main}, nil, "-std=c99", "-O1"))
	for i, line := range strings.Split(strings.TrimSpace(want.String()), "\n") {
		if g := strings.Split(got, "\n"); g[i] != line {
			t.Errorf("%q: got %s, want %s", texts[i], g[i], line)
		}
	}
}

// Targets whose names would be those of other functions get others.
func TestFunctions(t *testing.T) {
	g := &generator{name: "f", used: map[string]bool{"f_predict": true}}
	for _, c := range [][2]string{{"predict", "f_predict_2"}, {"t", "f_t"}, {"t_classes", "f_t_classes_2"}, {"t", "f_t_2"}} {
		if got := g.function(c[0]); got != c[1] {
			t.Errorf("%s becomes %s, want %s", c[0], got, c[1])
		}
	}
}
