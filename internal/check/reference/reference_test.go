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

const root = "../../.."

// TestReference: the pages in the repository say what the program knows of itself today.
func TestReference(t *testing.T) {
	pages, err := Generate(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range pages {
		got, err := os.ReadFile(filepath.Join(root, Folder, name))
		if err != nil {
			t.Errorf("a page is missing; run %s: %v", Command, err)
			continue
		}
		if bytes.Equal(got, want) {
			continue
		}
		a, b := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
		line := 0
		for line < min(len(a), len(b))-1 && a[line] == b[line] {
			line++
		}
		t.Errorf("%s/%s:%d is out of date; run %s\nfound    %s\nexpected %s", Folder, name, line+1, Command, a[line], b[line])
	}
	entries, err := os.ReadDir(filepath.Join(root, Folder))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if pages[e.Name()] == nil {
			t.Errorf("%s/%s belongs to no registry; run %s", Folder, e.Name(), Command)
		}
	}
}

// TestLinks: every link of the reference leads to a page, and to a heading that it has once.
func TestLinks(t *testing.T) {
	pages, err := Generate(root)
	if err != nil {
		t.Fatal(err)
	}
	places := map[string]int{}
	for name, text := range pages {
		places[name+"#"]++
		for _, m := range regexp.MustCompile(`(?m)^<a id="([^"]+)">|^## (\w+)$`).FindAllSubmatch(text, -1) {
			place := name + "#" + string(m[1]) + string(m[2])
			if places[place]++; places[place] > 1 {
				t.Errorf("two headings have the anchor %s", place)
			}
		}
	}
	for name, text := range pages {
		for _, m := range regexp.MustCompile(`\]\(([^#)]*)#?([^)]*)\)`).FindAllSubmatch(text, -1) {
			to := string(m[1])
			if to == "" {
				to = name
			}
			if strings.HasPrefix(to, "../") || strings.HasPrefix(to, "https://") {
				continue
			}
			if places[to+"#"+string(m[2])] == 0 {
				t.Errorf("%s: a link to %s#%s leads nowhere", name, to, m[2])
			}
		}
	}
}

// TestEverythingIsDocumented: each kind has a summary and a comment, each setting a meaning, and no setting of an inline
// kind has the name of one beside it.
func TestEverythingIsDocumented(t *testing.T) {
	c := newComments(root)
	for _, k := range spec.AllKinds() {
		if !slices.Contains(order, k.What) || intros[k.What] == "" {
			t.Errorf("the kinds of %s have no place and no introduction in internal/check/reference/reference.go", k.What)
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
