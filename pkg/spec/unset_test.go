package spec

import (
	"strings"
	"testing"
)

// An override with null takes a value away: a key has its default then, and an entry is no longer in its list. Where null is a
// value, it is one; in the file itself it is a mistake as before.
func TestUnset(t *testing.T) {
	text := "layers: [flatten, {type: dense, units: 3, bias: false}]\ntrain: {epochs: 7, clip: 2}\nheader: [a]\n"
	plain, _ := read(t, "layers: [{type: dense, units: 3}]\ntrain: {clip: null}\n")
	c, mistakes := read(t, text, "layers.1.bias=null", "layers.0=null", "train.epochs=null", "train.clip=null", "header=null", "optimizer=null")
	if got, want := string(Encode(c)), string(Encode(plain)); mistakes != "" || got != want {
		t.Errorf("%s\ngot  %s\nwant %s", mistakes, got, want)
	}
	for set, want := range map[string]string{
		"layers.1.units=null": "units is missing",
		"train.epochz=null":   "unknown key (did you mean epochs?)",
		"train.epochs=":       "want",
	} {
		if _, mistakes := read(t, text, set); !strings.Contains(mistakes, want) {
			t.Errorf("%s: %q, want %q", set, mistakes, want)
		}
	}
	if _, mistakes := read(t, "layers: [flatten]\ntrain: {epochs: null}\n"); !strings.Contains(mistakes, "want") {
		t.Errorf("null in the file: %q", mistakes)
	}
}
