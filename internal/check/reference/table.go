package reference

import (
	"fmt"
	"reflect"
	"strings"

	"dnn/pkg/spec"
)

// section writes the settings of a struct and then those of the structs within it, each under its path.
func (w *writer) section(path string, t reflect.Type) {
	if path != "" {
		if a := sectionAnchor(path); a != path { // else the heading itself is the anchor
			w.printf("<a id=%q></a>\n\n", a)
		}
		w.printf("## %s\n\n", path)
	}
	w.printf("%s", w.comments.of(t))
	w.table(path, t)
	for _, f := range spec.Fields(t) {
		if sub, list := structOf(f.Type); sub != nil {
			w.section(join(path, f.Key, list), sub)
		}
	}
}

func sectionAnchor(path string) string {
	return strings.NewReplacer(".", "-", "[]", "").Replace(path)
}

// nested writes the tables of the structs within the settings of a kind.
func (w *writer) nested(path string, t reflect.Type) {
	for _, f := range spec.Fields(t) {
		sub, list := structOf(f.Type)
		if sub == nil || w.isEntry(sub) {
			continue
		}
		at := join(path, f.Key, list)
		w.printf("`%s`: %s", at, w.comments.of(sub))
		w.table("-", sub)
		w.nested(at, sub)
	}
}

// isEntry reports whether a struct holds an inline kind: then that has a page of its own.
func (w *writer) isEntry(t reflect.Type) bool {
	for _, f := range spec.Fields(t) {
		if f.Inline() {
			return true
		}
	}
	return false
}

func join(path, key string, list bool) string {
	if path != "" {
		key = path + "." + key
	}
	if list {
		key += "[]"
	}
	return key
}

// structOf returns the struct whose keys stand under a field, or nil. A type with a spelling and a way back of its own is
// described in words, and has no keys.
func structOf(t reflect.Type) (sub reflect.Type, list bool) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.Slice {
		sub, _ := structOf(t.Elem())
		return sub, true
	}
	if _, ok := spec.OneOfEach(t); ok {
		return nil, false
	}
	if t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(reflect.TypeFor[spec.Marshaler]()) {
		return nil, false
	}
	return t, false
}

// table writes the settings of a struct, which has a section of its own under path, or "-" when it is part of a kind.
func (w *writer) table(path string, t reflect.Type) {
	fields := spec.Fields(t)
	if len(fields) == 0 {
		w.printf("No settings.\n\n")
		return
	}
	w.printf("| key | takes | default | range | meaning |\n|---|---|---|---|---|\n")
	for _, f := range fields {
		if f.Inline() {
			what, key, _ := spec.KindOf(f.Type)
			w.printf("| `%s` | [%s](%s) | | | chooses the %s, whose keys are keys of this mapping |\n", key, what, page(what), what)
			continue
		}
		w.printf("| `%s` | %s | %s | %s | %s |\n", f.Key, takes(path, f), defaultOf(f), rangeOf(f), cell(f.Doc))
	}
	w.printf("\n")
}

// takes says what a value looks like, with a link to the page of its kind or to the section of its keys.
func takes(path string, f spec.Field) string {
	if sub, list := structOf(f.Type); sub != nil && path != "-" {
		words := f.TypeText()
		if sub.PkgPath() == "" || !strings.Contains(words, "|") {
			words = map[bool]string{false: "mapping", true: "list of mappings"}[list]
		}
		return fmt.Sprintf("[%s](#%s)", cell(words), sectionAnchor(join(path, f.Key, list)))
	}
	if one, ok := spec.OneOfEach(f.Type); ok {
		return takesKind(one) + ", or a mapping from targets to them"
	}
	if words := takesKind(f.Type); words != "" {
		return words
	}
	if len(f.OneOf) > 0 {
		words := make([]string, len(f.OneOf))
		for i, w := range f.OneOf {
			words[i] = "`" + w + "`"
		}
		return strings.Join(words, ", ")
	}
	return cell(f.TypeText())
}

// takesKind links to the page of the kinds that a type holds, one or a list of them; "" when it holds none.
func takesKind(t reflect.Type) string {
	prefix := ""
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		if t.Kind() == reflect.Slice {
			prefix += "list of "
		}
		t = t.Elem()
	}
	what, _, ok := spec.KindOf(t)
	if !ok {
		return ""
	}
	name := what
	if prefix != "" {
		name = strings.ToLower(title(what))
	}
	return fmt.Sprintf("%s[%s](%s)", prefix, name, page(what))
}

func defaultOf(f spec.Field) string {
	switch {
	case f.Unless != "":
		return "**required** unless `" + f.Unless + "`"
	case f.Required:
		return "**required**"
	case !f.HasDef || f.Unset():
		return ""
	case f.Default == "":
		return `""`
	}
	return "`" + cell(f.Default) + "`"
}

func rangeOf(f spec.Field) string {
	var words []string
	if w := f.Range.Words(); w != "" {
		words = append(words, w)
	}
	if w := f.Length.Words(); w != "" {
		if words = append(words, w+" entries"); strings.HasSuffix(w, " 1") {
			words[len(words)-1] = w + " entry"
		}
	}
	return strings.Join(words, "; ")
}

// cell makes a text fit for a table: on one line, and with its bars told apart from the table's.
func cell(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", `\|`)
}
