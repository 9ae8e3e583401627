package layers

import (
	"slices"
	"strings"
	"testing"

	"dnn/pkg/spec"
)

const vectorsSpec = `
layers:
  - {type: embedding, size: 3, from: a.vec, name: a}
  - type: residual
    layers:
      - {type: embedding, size: 3, from: {file: b.npy, words: b.txt, tensor: t}}
      - {type: dense, units: 3}
`

// Layers that begin with vectors are found in blocks too, and a list with other paths leaves the first as it is.
func TestVectorsAreFound(t *testing.T) {
	var p spec.Problems
	list, doc := parse(t, vectorsSpec, &p)
	if err := p.Err(doc); err != nil {
		t.Fatal(err)
	}
	look := func(list []Entry) (got []string) {
		EachVectors(list, func(path string, size *int, from *Vectors) {
			got = append(got, path, from.File, from.Words, from.Tensor)
		})
		return got
	}
	want := []string{"layers[0]", "a.vec", "", "", "layers[1].layers[0]", "b.npy", "b.txt", "t"}
	if got := look(list); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	other, err := WithFiles(list, func(path *string) { *path = "x/" + *path })
	if err != nil {
		t.Fatal(err)
	}
	if got := look(list); !slices.Equal(got, want) {
		t.Errorf("the list was changed: %q", got)
	}
	want = []string{"layers[0]", "x/a.vec", "", "", "layers[1].layers[0]", "x/b.npy", "x/b.txt", "t"}
	if got := look(other); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// An embedding with a table of its own tells whose words its rows are.
func TestTablesTellTheirWords(t *testing.T) {
	words := []string{"", "one", "two"}
	x := Input{Name: "x", Block: "x", Ints: true, Categories: 3, Words: func() []string { return words }}
	n := build(t, "layers:\n  - {type: embedding, size: 2, name: a, inputs: [x]}\n  - {type: embedding, size: 2, name: b, weights: a, inputs: [x]}\n  - {type: add, inputs: [a, b]}\n", true, Spec{Inputs: []Input{x}})
	if n.err != nil {
		t.Fatal(n.err)
	}
	a, b := n.infos[0].Table, n.infos[1].Table
	if a == nil || a.Param != "a.table" || !slices.Equal(a.Words(), words) || a.From != nil {
		t.Errorf("a has %+v", a)
	}
	if b != nil {
		t.Errorf("b has %+v, though its table is that of a", b)
	}
}

func TestSizeOrVectors(t *testing.T) {
	for text, want := range map[string]string{
		"embedding":                           "size is missing",
		"{type: embedding, siz: 3}":           "unknown key",
		"{type: embedding, size: x}":          "want a whole number",
		"{type: embeding}":                    "unknown layer",
		"{type: embedding, from: [a]}":        "want a mapping, got a list",
		"{type: embedding, from: {words: a}}": "file is missing",
	} {
		var p spec.Problems
		parse(t, "layers: ["+text+"]", &p)
		if list := p.Messages(); len(list) != 1 || !strings.Contains(list[0], want) {
			t.Errorf("%s: %q, want %s", text, list, want)
		}
	}
}
