package spec

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/mistakes.txt anew")

// mistake is one case of testdata/mistakes.txt:
//
//	=== name
//	the spec
//	+++ an override
//	>>>
//	the messages
type mistake struct {
	name, text string
	sets       []string
	want       string
}

func mistakes(t testing.TB) (list []mistake) {
	t.Helper()
	file, err := os.ReadFile("testdata/mistakes.txt")
	if err != nil {
		t.Fatal(err)
	}
	for i, block := range strings.Split("\n"+string(file), "\n=== ") {
		if i == 0 {
			continue
		}
		block = strings.ReplaceAll(block, "→", "\t")
		head, want, ok := strings.Cut(block, "\n>>>\n")
		name, text, ok2 := strings.Cut(head+"\n", "\n")
		if !ok && !ok2 {
			t.Fatalf("case %d is malformed: %s", i, block)
		}
		m := mistake{name: name, want: strings.TrimSpace(want)}
		for line := range strings.Lines(text) {
			if set, ok := strings.CutPrefix(line, "+++ "); ok {
				m.sets = append(m.sets, strings.TrimSuffix(set, "\n"))
			} else {
				m.text += line
			}
		}
		list = append(list, m)
	}
	return list
}

// TestMistakes holds every message against the file. Its texts are read once more with Windows' line ends and with a
// byte order mark, which move nothing.
func TestMistakes(t *testing.T) {
	var out strings.Builder
	for _, m := range mistakes(t) {
		_, got := read(t, m.text, m.sets...)
		out.WriteString("=== " + m.name + "\n" + strings.ReplaceAll(m.text, "\t", "→"))
		for _, s := range m.sets {
			out.WriteString("+++ " + s + "\n")
		}
		out.WriteString(">>>\n" + strings.ReplaceAll(got, "\t", "→") + "\n\n")
		if *update {
			continue
		}
		if got != m.want {
			t.Errorf("%s\n%sgot\n%s\nwant\n%s", m.name, m.text, got, m.want)
		}
		if _, got := read(t, strings.ReplaceAll(m.text, "\n", "\r\n"), m.sets...); got != m.want {
			t.Errorf("%s, with CRLF: got\n%s\nwant\n%s", m.name, got, m.want)
		}
		if _, got := read(t, "\ufeff"+m.text, m.sets...); got != m.want {
			t.Errorf("%s, with a byte order mark: got\n%s\nwant\n%s", m.name, got, m.want)
		}
	}
	if *update {
		if err := os.WriteFile("testdata/mistakes.txt", []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMistakesAtOnce: all mistakes are told in one go, in the order of the file.
func TestMistakesAtOnce(t *testing.T) {
	text := "nmae: x\nseed: -1\nlayers:\n  - {type: dense, units: x, activation: relo}   # a comment\n" +
		"  - type: dropout   # another\n    # and one more\n    rate:\n      1.5\ntrain: {batch_size: 0,\n  shuffle: yes}\n"
	_, got := read(t, text, "weights.a=-1", "optimizer=adm")
	want := strings.Join([]string{
		`--set weights.a=-1: weights.a: -1 is out of range: want above 0`,
		`--set optimizer=adm: optimizer: unknown optimizer "adm" (did you mean adam?)`,
		`1:1: nmae: unknown key (did you mean name?)`,
		`2:7: seed: -1 is out of range: want at least 0`,
		`4:26: layers[0].units: want a whole number or classes, got "x" (known: classes)`,
		`4:41: layers[0].activation: "relo" is not one of none, relu, tanh (did you mean relu?)`,
		`8:7: layers[1].rate: 1.5 is out of range: want at least 0 and below 1`,
		`9:21: train.batch_size: 0 is out of range: want 1 to 4096`,
		`10:12: train.shuffle: want true or false, got the text "yes" (did you mean true?)`,
	}, "\n")
	if !sameLines(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// sameLines compares messages; those about overrides stand first, in any order.
func sameLines(a, b string) bool {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] && !(strings.HasPrefix(x[i], "--set") && strings.HasPrefix(y[i], "--set") && strings.Contains(b, x[i])) {
			return false
		}
	}
	return true
}
