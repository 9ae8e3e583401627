package hints

import (
	"reflect"
	"strings"
	"testing"

	"dnn/pkg/spec"
)

type section struct{ Match Matches }

func decode(t *testing.T, text string) (Matches, string) {
	t.Helper()
	doc, err := spec.Parse("spec.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	var s section
	var p spec.Problems
	if doc.Decode(&s, &p); p.Len() > 0 {
		return nil, p.Err(doc).Error()
	}
	return s.Match, ""
}

// Matches are a mapping from names to names, a list, or one of its items; what is written of them is read as the same.
func TestMatches(t *testing.T) {
	for text, want := range map[string]Matches{
		"match: {b: x, a.c: y}":                      {{"a.c", "y", 1, 0}, {"b", "x", 1, 0}},
		"match: [{layer: b, teacher: x, weight: 2}]": {{"b", "x", 2, 0}},
		"match: {layer: b, teacher: x, width: 7}":    {{"b", "x", 1, 7}},
		"match: {layer: x}":                          {{"layer", "x", 1, 0}},
	} {
		got, wrong := decode(t, text)
		if wrong != "" || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v %s", text, got, wrong)
			continue
		}
		if again, wrong := decode(t, string(spec.Encode(&section{got}))); wrong != "" || !reflect.DeepEqual(again, want) {
			t.Errorf("%s is written as %s", text, spec.Encode(&section{got}))
		}
	}
	for text, want := range map[string]string{
		"match: b":        "match: ",
		"match: {b: [x]}": "match.b",
		"match: [{layer: b, teacher: x, weight: -1}]":   "match[0].weight: -1",
		"match: [{layer: b, teacher: x, weights: 1}]":   "match[0].weights: unknown key",
		"match: [{layer: b, teacher: x, width: 1e30}]":  "match[0].width",
		"match: [{layer: b, teacher: x, weight: 1e39}]": "match[0].weight: 1e39 is out of range",
	} {
		if _, wrong := decode(t, text); !strings.Contains(wrong, want) {
			t.Errorf("%s: %q, expected %s", text, wrong, want)
		}
	}
}
