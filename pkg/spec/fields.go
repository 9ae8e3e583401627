package spec

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// Field is one key of a settings struct, read from its tags. Decoding, the resolved spec, the JSON Schema and the
// reference are all made from it.
type Field struct {
	Key      string
	Doc      string
	Default  string // YAML; "" when there is none
	HasDef   bool
	Required bool
	Range    Range
	Length   Range
	OneOf    []string
	AnyText  bool // a string that takes any scalar
	Type     reflect.Type
	Index    []int
	inline   bool // holds a registered kind whose keys are merged into the parent's
}

// Range is an interval of numbers. The zero Range holds every number.
type Range struct {
	Text            string
	Low, High       float64
	OpenLow, OpenHi bool
	HasLow, HasHigh bool
}

// Holds reports whether v lies in the range.
func (r Range) Holds(v float64) bool {
	if r.HasLow && (v < r.Low || r.OpenLow && v == r.Low) {
		return false
	}
	if r.HasHigh && (v > r.High || r.OpenHi && v == r.High) {
		return false
	}
	return v == v
}

// parseRange reads "[0,1)" and the like. A malformed tag is a mistake of the program.
func parseRange(s string) Range {
	if s == "" {
		return Range{}
	}
	low, high, ok := strings.Cut(s[1:len(s)-1], ",")
	if !ok {
		panic("spec: malformed range tag " + s)
	}
	r := Range{Text: s, OpenLow: s[0] == '(', OpenHi: s[len(s)-1] == ')'}
	number := func(t string) (float64, bool) {
		if t = strings.TrimSpace(t); t == "" {
			return 0, false
		}
		v, err := strconv.ParseFloat(t, 64)
		if err != nil {
			panic("spec: malformed range tag " + s)
		}
		return v, true
	}
	r.Low, r.HasLow = number(low)
	r.High, r.HasHigh = number(high)
	return r
}

// Fields lists the keys of a settings struct in order, those of embedded and inline structs in their place.
func Fields(t reflect.Type) []Field {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var fields []Field
	for i := range t.NumField() {
		f := t.Field(i)
		key, option, _ := strings.Cut(f.Tag.Get("spec"), ",")
		if key == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		if option == "inline" && f.Type.Kind() == reflect.Struct {
			for _, sub := range Fields(f.Type) {
				sub.Index = append([]int{i}, sub.Index...)
				fields = append(fields, sub)
			}
			continue
		}
		if key == "" {
			key = snake(f.Name)
		}
		def, hasDef := f.Tag.Lookup("default")
		field := Field{
			Key: key, Doc: f.Tag.Get("doc"), Default: def, HasDef: hasDef, Required: f.Tag.Get("required") == "true",
			Range: parseRange(f.Tag.Get("range")), Length: parseRange(f.Tag.Get("length")),
			AnyText: f.Tag.Get("scalar") == "any", Type: f.Type, Index: []int{i}, inline: option == "inline",
		}
		if words := f.Tag.Get("oneof"); words != "" {
			field.OneOf = strings.Split(words, "|")
		}
		fields = append(fields, field)
	}
	return fields
}

// TypeText says in words what a value of the field looks like: "whole number", "list of words".
func (f Field) TypeText() string {
	if len(f.OneOf) > 0 {
		return strings.Join(f.OneOf, " | ")
	}
	return typeText(f.Type)
}

func typeText(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		return typeText(t.Elem())
	}
	if reflect.PointerTo(t).Implements(describerType) {
		return reflect.New(t).Interface().(Describer).DescribeSpec()
	}
	if k, ok := kindsOf(t); ok {
		return k.what
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true | false"
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "whole number"
	case reflect.Float64:
		return "number"
	case reflect.String:
		return "text"
	case reflect.Slice:
		return "list of " + typeText(t.Elem())
	case reflect.Map:
		return "mapping of names to " + typeText(t.Elem())
	case reflect.Struct:
		return "mapping"
	}
	return fmt.Sprint(t)
}

// snake turns a Go field name into a key: BatchSize is batch_size, L2 is l2.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
