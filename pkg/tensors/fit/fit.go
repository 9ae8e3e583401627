// Package fit finds out which tensors of a file of another program are which parameters of a net: by the map that a spec gives, or
// by names, shapes and order. What could be one or another is never guessed.
package fit

import (
	"fmt"
	"path"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/tensors"
	"dnn/pkg/tensors/layout"
)

// Pair is a module of the net and what it is in the file.
type Pair struct {
	Layer  *layout.Layer
	Module string // name of the layer, with the part of it
	Form   layout.Form
	Prefix string // of its tensors in the file
	At     []int  // places of the form's tensors in the file, -1 for one that need not be there
}

// Said names both.
func (p *Pair) Said() string {
	if p.Module == p.Prefix || p.Prefix == "" {
		return p.Module
	}
	return p.Module + " = " + p.Prefix
}

// module is one of the net.
type module struct {
	layer  *layout.Layer
	name   string
	layout layout.Module
}

// file is one of tensors, ready to look them up.
type file struct {
	list  []tensors.Tensor
	words [][]string     // of their names
	at    map[string]int // by their names, with slashes
	// inside are the places of what lies in a prefix itself, or is a numbered variable of it.
	inside map[string][]int
}

// words cuts a name into its words: those between dots and slashes.
func words(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return r == '.' || r == '/' })
}

func newFile(list []tensors.Tensor) *file {
	f := &file{list: list, at: map[string]int{}, inside: map[string][]int{}}
	for i, t := range list {
		w := words(t.Name)
		f.words = append(f.words, w)
		f.at[strings.Join(w, "/")] = i
		in := w[:max(0, len(w)-1)]
		if n := len(in); n > 0 && in[n-1] == "vars" {
			in = in[:n-1]
		}
		prefix := strings.Join(in, "/")
		f.inside[prefix] = append(f.inside[prefix], i)
	}
	return f
}

// modules are those of the net in a program, and the layers that it has not.
func modules(net []layout.Layer, program layout.Program) (list []module, without []string) {
	for i := range net {
		l := &net[i]
		all := program(l)
		for _, m := range all {
			list = append(list, module{l, join(l.Name, m.Part), m})
		}
		if len(all) == 0 {
			without = append(without, l.Name)
		}
	}
	return list, without
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "." + b
}

// ends reports whether the words of a name end with a pattern, and what comes before that.
func ends(name []string, pattern string) (prefix string, ok bool) {
	want := words(pattern)
	if len(want) > len(name) {
		return "", false
	}
	at := len(name) - len(want)
	for i, w := range want {
		if ok, _ := path.Match(w, name[at+i]); !ok {
			return "", false
		}
	}
	return strings.Join(name[:at], "/"), true
}

// beginning is a prefix as the name writes it that begins with it: with dots, or with slashes.
func beginning(name, prefix string) string {
	n := min(len(name), len(prefix))
	if words(name[:n]) != nil && strings.Join(words(name[:n]), "/") == prefix {
		return name[:n]
	}
	return prefix
}

// under looks a form up under a prefix. why says what keeps it from fitting there; it is "" where nothing does. Else at are the places of
// those of its tensors that fit before one does not.
func (f *file) under(prefix string, form layout.Form) (at []int, why string) {
	used := map[int]bool{}
	for _, t := range form {
		i := f.find(prefix, t.Name)
		switch {
		case i < 0 && t.Count:
		case i < 0:
			return at, fmt.Sprintf("%s has no %s", said(prefix), t.Name)
		case !graph.Shape(f.list[i].Shape).Equal(t.Shape) && !t.Count:
			return at, fmt.Sprintf("%s is %v, and %v fits", f.list[i].Name, graph.Shape(f.list[i].Shape), t.Shape)
		}
		if at = append(at, i); i >= 0 {
			used[i] = true
		}
	}
	for _, i := range f.inside[strings.Join(words(prefix), "/")] { // what the module there has besides
		if !used[i] && !f.list[i].Whole {
			return at, fmt.Sprintf("%s is there, and nothing of that kind here", f.list[i].Name)
		}
	}
	return at, ""
}

// find is the place of the tensor of that name, which may be a pattern, under a prefix; -1 if there is none.
func (f *file) find(prefix, name string) int {
	full := strings.Join(words(prefix+"/"+name), "/")
	if !strings.Contains(name, "*") {
		if i, ok := f.at[full]; ok {
			return i
		}
		return -1
	}
	for i, w := range f.words {
		if before, ok := ends(w, name); ok && before == strings.Join(words(prefix), "/") {
			return i
		}
	}
	return -1
}

// said names a prefix.
func said(prefix string) string {
	if prefix == "" {
		return "the file"
	}
	return prefix
}
