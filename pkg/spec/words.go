package spec

import (
	"fmt"
	"reflect"
	"strings"
)

var describerType = reflect.TypeFor[Describer]()

// TypeText says in words what a value of the field looks like: "whole number", "list of texts", "same | valid".
func (f Field) TypeText() string {
	if len(f.OneOf) > 0 {
		words := strings.Join(f.OneOf, " | ")
		if f.Type.Kind() == reflect.Slice {
			return "list of " + words
		}
		return words
	}
	return typeText(f.Type)
}

func typeText(t reflect.Type) string {
	if words, ok := describedBy(t); ok {
		return words
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeText(t.Elem())
	case reflect.Bool:
		return "true | false"
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "whole number"
	case reflect.Float64:
		return "number"
	case reflect.String:
		return "text"
	case reflect.Slice:
		return "list of " + typesText(t.Elem())
	case reflect.Map:
		return "mapping of names to " + typesText(t.Elem())
	case reflect.Struct:
		if inline := infoOf(t).inline; inline != nil {
			if set, ok := kindsOf(inline.Type); ok {
				return set.what
			}
		}
		return "mapping"
	}
	return fmt.Sprint(t)
}

// typesText is typeText for several of them.
func typesText(t reflect.Type) string {
	one := typeText(t)
	switch {
	case one == "true | false":
		return "truth values"
	case strings.Contains(one, " | "):
		return "(" + one + ")"
	case strings.HasPrefix(one, "list of "):
		return "lists of " + one[len("list of "):]
	case strings.HasPrefix(one, "mapping of "):
		return "mappings of " + one[len("mapping of "):]
	}
	return plural(one)
}

// describedBy returns what a type says of itself, or the noun of the kinds it holds.
func describedBy(t reflect.Type) (string, bool) {
	if t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(describerType) {
		return reflect.New(t).Interface().(Describer).DescribeSpec(), true
	}
	if k, ok := kindsOf(t); ok {
		return k.what, true
	}
	return "", false
}

// wanted turns a type's words into what follows "want": "a whole number", "true or false", "a number, classes or targets".
func wanted(typeWords string) string {
	words := strings.Split(typeWords, " | ")
	if strings.Contains(typeWords, "(") {
		words = []string{typeWords}
	}
	for i, w := range words {
		noun := i == 0 && len(words) == 1
		for _, n := range []string{"whole number", "number", "text", "list", "mapping"} {
			noun = noun || w == n || strings.HasPrefix(w, n+" of ")
		}
		if noun {
			words[i] = article(w)
		}
	}
	return alternatives(words)
}

// alternatives joins words as "a, b or c".
func alternatives(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

func article(noun string) string {
	if strings.ContainsRune("aeio", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

func plural(noun string) string {
	switch {
	case strings.HasSuffix(noun, "y") && !strings.HasSuffix(noun, "ay") && !strings.HasSuffix(noun, "ey"):
		return noun[:len(noun)-1] + "ies"
	case strings.HasSuffix(noun, "s"), strings.HasSuffix(noun, "x"), strings.HasSuffix(noun, "ch"), strings.HasSuffix(noun, "sh"):
		return noun + "es"
	}
	return noun + "s"
}

// count says how many: "1 entry", "3 entries".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %s", n, plural(noun))
}
