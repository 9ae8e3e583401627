package reference

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/model"
	"dnn/pkg/spec"
)

const root = "../.."

// TestReference: the reference in the repository is what the program knows of itself today.
func TestReference(t *testing.T) {
	want, err := Generate(root)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, File))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	a, b := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Errorf("%s:%d is out of date; run %s\nhas   %s\nwants %s", File, i+1, Command, a[i], b[i])
			return
		}
	}
	t.Errorf("%s is out of date: it has %d lines, not %d; run %s", File, len(a), len(b), Command)
}

// TestLinks: every link within the reference leads to a place that is there once.
func TestLinks(t *testing.T) {
	text, err := Generate(root)
	if err != nil {
		t.Fatal(err)
	}
	places := map[string]int{"the-spec": 1, "ops": 1}
	for _, m := range regexp.MustCompile(`<a id="([^"]+)">`).FindAllSubmatch(text, -1) {
		if places[string(m[1])]++; places[string(m[1])] > 1 {
			t.Errorf("the place %s is there twice", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`\]\(#([^)]+)\)`).FindAllSubmatch(text, -1) {
		if places[string(m[1])] == 0 {
			t.Errorf("a link to %s leads nowhere", m[1])
		}
	}
}

// TestEverythingIsDocumented: each kind has a summary and a comment, each setting a meaning, and no setting of an inline
// kind has the name of one beside it.
func TestEverythingIsDocumented(t *testing.T) {
	c := newComments(root)
	for _, k := range spec.AllKinds() {
		if !slices.Contains(order, k.What) || intros[k.What] == "" {
			t.Errorf("the kinds of %s have no place and no introduction in internal/reference/reference.go", k.What)
		}
		for _, i := range k.List {
			if i.Summary == "" {
				t.Errorf("%s %s has no summary", k.What, i.Key)
			}
			if c.of(i.Settings) == "" {
				t.Errorf("%s %s: the type %s has no comment", k.What, i.Key, i.Settings)
			}
			documented(t, k.What+" "+i.Key, i.Settings)
		}
	}
	documented(t, "the spec", reflect.TypeFor[model.Config]())
	if c.err != nil {
		t.Error(c.err)
	}
}

func documented(t *testing.T, where string, s reflect.Type) {
	t.Helper()
	var own []string
	var inline *spec.Field
	for _, f := range spec.Fields(s) {
		if f.Inline() {
			inline = &f
			continue
		}
		own = append(own, f.Key)
		if f.Doc == "" {
			t.Errorf("%s: the setting %s has no doc", where, f.Key)
		}
		if sub, list := structOf(f.Type); sub != nil && !(list && strings.HasPrefix(where, "layer ")) {
			documented(t, where+"."+f.Key, sub)
		}
	}
	if inline == nil {
		return
	}
	for _, k := range spec.AllKinds() {
		if k.Type != inline.Type {
			continue
		}
		for _, i := range k.List {
			for _, f := range spec.Fields(i.Settings) {
				if slices.Contains(own, f.Key) && !f.Inline() {
					t.Errorf("%s: the key %s is also one of %s %s, which never gets it", where, f.Key, k.What, i.Key)
				}
			}
		}
	}
}

// TestAliases: a word by which a kind is known elsewhere leads to a kind that there is, and is none itself.
func TestAliases(t *testing.T) {
	found := 0
	for _, kinds := range spec.AllKinds() {
		var keys []string
		for _, k := range kinds.List {
			keys = append(keys, k.Key)
		}
		for word, key := range kinds.Aliases {
			found++
			if !slices.Contains(keys, key) || slices.Contains(keys, word) {
				t.Errorf("%s: %q is said to be known as %q", kinds.What, key, word)
			}
		}
	}
	if found == 0 {
		t.Error("no aliases were found")
	}
}
