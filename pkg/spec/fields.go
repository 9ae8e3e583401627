package spec

import (
	"fmt"
	"maps"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"gopkg.in/yaml.v3"
)

// Field is one key of a settings struct, read from its tags. Decoding, the resolved spec, the JSON Schema and the
// reference are all made from it.
type Field struct {
	Key      string
	Doc      string
	Default  string // YAML; "" when there is none
	HasDef   bool
	Required bool
	Unless   string // a key next to it with which it is not required; "" for none
	Range    Range
	Length   Range
	OneOf    []string
	AnyText  bool // a string that takes any scalar
	Type     reflect.Type
	Index    []int
	inline   bool // holds a registered kind whose keys are merged into the parent's
	unset    bool // the default lies out of the range
	def      *yaml.Node
}

// Unset reports whether the default is a number out of the range. It then means that the key was not given, cannot be
// written in a spec, and stays out of the resolved one.
func (f Field) Unset() bool { return f.unset }

// Inline reports whether the field holds a registered kind whose keys stand among the parent's.
func (f Field) Inline() bool { return f.inline }

// structInfo is all that is read from the tags of a struct, once.
type structInfo struct {
	fields   []Field
	keys     []string // of all fields but the inline kind
	own      map[string]bool
	also     map[string]string // words by which others know keys, and the keys
	inline   *Field            // the field that holds the inline kind, or nil
	checkers [][]int           // of fields merged into the struct by name that have rules of their own
	custom   bool              // it has a spelling of its own
}

var (
	infos           sync.Map // reflect.Type to *structInfo
	unmarshalerType = reflect.TypeFor[Unmarshaler]()
	checkerType     = reflect.TypeFor[Checker]()
)

// Fields lists the keys of a settings struct in order, those of embedded and inline structs in their place. The list
// belongs to the package: it is not to be changed.
func Fields(t reflect.Type) []Field {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return infoOf(t).fields
}

func infoOf(t reflect.Type) *structInfo {
	if info, ok := infos.Load(t); ok {
		return info.(*structInfo)
	}
	info := &structInfo{own: map[string]bool{}, also: map[string]string{}, custom: reflect.PointerTo(t).Implements(unmarshalerType)}
	info.read(t)
	for i := range info.fields {
		f := &info.fields[i]
		switch {
		case !f.inline && info.own[f.Key]:
			panic(fmt.Sprintf("spec: %s has the key %s twice", t, f.Key))
		case !f.inline:
			info.own[f.Key] = true
			info.keys = append(info.keys, f.Key)
		case info.inline != nil:
			panic(fmt.Sprintf("spec: %s holds two inline kinds", t))
		default:
			info.inline = f
		}
	}
	infos.Store(t, info)
	return info
}

func (info *structInfo) read(t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		key, option, _ := strings.Cut(f.Tag.Get("spec"), ",")
		if key == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		if f.Type.Kind() == reflect.Struct && (option == "inline" || f.Anonymous && key == "") {
			info.merge(f, i)
			continue
		}
		if key == "" {
			key = snake(f.Name)
		}
		def, hasDef := f.Tag.Lookup("default")
		required := f.Tag.Get("required")
		unless, conditional := strings.CutPrefix(required, "unless ")
		if !conditional {
			unless = ""
		}
		field := Field{
			Key: key, Doc: f.Tag.Get("doc"), Default: def, HasDef: hasDef, Required: required == "true" || conditional, Unless: unless,
			Range: parseRange(f.Tag.Get("range")), Length: parseRange(f.Tag.Get("length")),
			AnyText: f.Tag.Get("scalar") == "any", Type: f.Type, Index: []int{i}, inline: option == "inline",
		}
		if words := f.Tag.Get("also"); words != "" {
			for word := range strings.SplitSeq(words, "|") {
				info.also[word] = key
			}
		}
		if words := f.Tag.Get("oneof"); words != "" {
			field.OneOf = strings.Split(words, "|")
		}
		if hasDef {
			field.def = parseDefault(t, f.Name, def)
			x, err := strconv.ParseFloat(def, 64)
			field.unset = err == nil && !field.Range.Holds(x)
		}
		info.fields = append(info.fields, field)
	}
}

// merge takes the fields of a struct in the place of the i-th field.
func (info *structInfo) merge(f reflect.StructField, i int) {
	sub := infoOf(f.Type)
	for _, g := range sub.fields {
		g.Index = append([]int{i}, g.Index...)
		info.fields = append(info.fields, g)
	}
	maps.Copy(info.also, sub.also)
	for _, index := range sub.checkers {
		info.checkers = append(info.checkers, append([]int{i}, index...))
	}
	if !f.Anonymous && reflect.PointerTo(f.Type).Implements(checkerType) { // that of an embedded struct is promoted
		info.checkers = append(info.checkers, []int{i})
	}
}

func parseDefault(t reflect.Type, field, text string) *yaml.Node {
	n, err := parseYAML([]byte(text))
	if err != nil {
		panic(fmt.Sprintf("spec: default of %s.%s: %v", t, field, err))
	}
	if n == nil { // default:"" is the empty text, default:"null" is nothing
		n = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle}
		if text != "" {
			n = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
		}
	}
	return n
}

// unsetValue is the number that stands for a key that was not given.
func unsetValue(f *Field) reflect.Value {
	x, _ := strconv.ParseFloat(f.Default, 64)
	return reflect.ValueOf(x).Convert(f.Type)
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

// fillDefaults sets every field of a settings struct to its default, in nested structs too.
func fillDefaults(v reflect.Value) {
	if v.Kind() != reflect.Struct {
		return
	}
	info := infoOf(v.Type())
	if info.custom {
		return
	}
	for i := range info.fields {
		f := &info.fields[i]
		field := v.FieldByIndex(f.Index)
		if f.def == nil {
			fillDefaults(field)
			continue
		}
		if f.unset {
			field.Set(unsetValue(f))
			continue
		}
		var p Problems
		decodeValue(&Node{Path: f.Key, yaml: f.def}, field, f, &p)
		if p.Len() > 0 {
			panic(fmt.Sprintf("spec: default of %s.%s: %s", v.Type(), f.Key, p.list[0].Text))
		}
	}
}
