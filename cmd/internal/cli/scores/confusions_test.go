package scores

import (
	"bytes"
	"strings"
	"testing"

	"dnn/cmd/internal/cli/term"
)

// Of a matrix that is too large to print, the most frequent confusions are listed, the largest first.
func TestTopConfusions(t *testing.T) {
	m := make([][]float64, 40)
	labels := make([]string, 40)
	for i := range m {
		m[i], labels[i] = make([]float64, 40), "class "+string(rune('A'+i))
		m[i][i] = 6
	}
	m[3][5], m[5][3], m[1][2] = 2, 4, 1
	var out bytes.Buffer
	topConfusions(term.New(strings.NewReader(""), &out, &bytes.Buffer{}), labels, m)
	want := "true     predicted  rows   share\nclass F  class D       4  0.4000\nclass D  class F       2  0.2500\nclass B  class C       1  0.1429\n"
	if got := out.String(); !strings.HasSuffix(got, want) {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	out.Reset()
	m[3][5], m[5][3], m[1][2] = 0, 0, 0
	if topConfusions(term.New(strings.NewReader(""), &out, &bytes.Buffer{}), labels, m); out.Len() > 0 {
		t.Errorf("without a confusion: %q", out.String())
	}
}
