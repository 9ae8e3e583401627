package tokenizer

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Each token has one place, and together they are the text.
func TestPlaces(t *testing.T) {
	for _, key := range append(Registry.Keys(), "{type: char, exact: true}") {
		for _, lower := range []bool{false, true} {
			kind := decode(t, key)
			if field := reflect.ValueOf(kind).Elem().FieldByName("Lowercase"); field.IsValid() {
				field.SetBool(lower)
			}
			f := kind.Fit(slices.Values(texts))
			for _, text := range append(texts, "  A lot\n of BLANKS ", "Lower, slower.", "İstanbul ȺȾ żółw", "a") {
				places := Places(f, text)
				if n := len(f.Encode(nil, text)); len(places) != n || len(f.Pieces(text)) != n {
					t.Errorf("%s: %q has %d tokens and %d places", key, text, n, len(places))
				}
				got := ""
				for _, p := range places {
					if p.Blank {
						got += " "
					}
					got += p.Text
				}
				want := normalize(text, false)
				if e, ok := f.(interface{ exact() bool }); ok && e.exact() {
					got = normalize(got, false)
				}
				if got != want && (len(want) == len(strings.ToLower(want)) || got != strings.ToLower(want)) {
					t.Errorf("%s: %q comes back as %q", key, want, got)
				}
			}
		}
	}
}

func TestPlacesOfAList(t *testing.T) {
	f := (&Whitespace{MinCount: 1, Vocabulary: 9}).Fit(slices.Values([]string{`["New York", "is", "big"]`}))
	want := []Place{{"New York", false}, {"is", true}, {"big", true}}
	if got := Places(f, `["New York", "is", "big"]`); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	want[1].Text = `so "old"`
	if got := Places(f, `["New York", "so \"old\"", "big"]`); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}
