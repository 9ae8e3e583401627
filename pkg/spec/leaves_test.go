package spec

import (
	"fmt"
	"testing"
)

func TestLeaves(t *testing.T) {
	doc, err := Parse("a.yaml", []byte("b: {c: 1, d: [x, {e: null}]}\na: []\n"), []string{"b.c=2"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(doc.Leaves()), "[{b.c 2} {b.d.0 x} {b.d.1.e null} {a []}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
