package record

import (
	"strings"
	"testing"
)

// Lists as Python prints them are read, and what only looks like one is not.
func TestPythonList(t *testing.T) {
	for field, want := range map[string]string{
		`['Drama', 'Comedy']`: "Drama,Comedy", `["it's", 'a "b"', 'c\'d']`: `it's,a "b",c'd`, `[1, 'x', 2.5]`: "1,x,2.5", `[]`: "",
	} {
		list, ok := PythonList(field)
		if !ok || strings.Join(list, ",") != want {
			t.Errorf("%s: %q %v", field, list, ok)
		}
	}
	for _, field := range []string{`['a`, `['a]`, `a`, `['a' 'b']`, `[a]`, `[None]x`} {
		if list, ok := PythonList(field); ok {
			t.Errorf("%s is the list %q", field, list)
		}
	}
}
