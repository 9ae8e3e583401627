package spec

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Schema returns the JSON Schema (draft 2020-12) of the settings struct that target points to, so that editors complete
// and check specs. It is made from the same tags as all else; rules across settings, and sizes that only the data knows,
// are beyond it.
func Schema(target any, title string) []byte {
	b := &schemas{defs: map[string]*schema{}, names: map[reflect.Type]string{}}
	s := b.alternatives(b.objects(reflect.TypeOf(target).Elem()), true)
	s.Schema, s.Title, s.Defs = "https://json-schema.org/draft/2020-12/schema", title, b.defs
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic("spec: " + err.Error()) // the tree is our own
	}
	return append(text, '\n')
}

// schemas builds schemas; types that have a name are defined once and referred to, as they may contain themselves.
type schemas struct {
	defs  map[string]*schema
	names map[reflect.Type]string
}

// define returns a reference to the definition of t, which build makes when it is not there yet.
func (b *schemas) define(t reflect.Type, name string, build func() *schema) *schema {
	if _, ok := b.names[t]; !ok {
		for i, first := 2, name; b.defs[name] != nil; i++ {
			name = fmt.Sprintf("%s_%d", first, i)
		}
		b.names[t], b.defs[name] = name, &schema{}
		*b.defs[name] = *build()
	}
	return &schema{Ref: "#/$defs/" + b.names[t]}
}

// field returns the schema of a field's value with all that its tags say.
func (b *schemas) field(f *Field) *schema {
	s := b.value(f.Type, f)
	if key := defaultKind(f); key != "" {
		s = b.withDefaultKind(s, f.Type, key)
	}
	s.Description = f.Doc
	if f.def != nil && !f.unset {
		s.Default = toJSON(f.def)
	}
	return s
}

// value returns the schema of a type with the bounds of the field that holds it.
func (b *schemas) value(t reflect.Type, f *Field) *schema {
	if t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(oneOrEachType) {
		one, each := reflect.New(t).Interface().(oneOrEach).types()
		return &schema{AnyOf: []*schema{b.value(one, f), {Type: "object", AdditionalProperties: b.value(each, f)}}}
	}
	if t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(unmarshalerType) {
		return b.custom(t)
	}
	switch t.Kind() {
	case reflect.Pointer:
		return &schema{AnyOf: []*schema{b.value(t.Elem(), f), {Type: "null"}}}
	case reflect.Interface:
		return b.kind(t)
	case reflect.Struct:
		if t.Name() == "" {
			return b.alternatives(b.objects(t), false)
		}
		return b.define(t, snake(t.Name()), func() *schema { return b.structure(t) })
	case reflect.Slice:
		return b.list(t, f)
	case reflect.Map:
		return &schema{Type: "object", AdditionalProperties: b.value(t.Elem(), f)}
	case reflect.Bool:
		return &schema{Type: "boolean"}
	case reflect.String:
		return text(f)
	case reflect.Int, reflect.Int64:
		return bounded("integer", f.Range)
	case reflect.Uint64:
		s := bounded("integer", f.Range)
		if s.Minimum == nil && s.ExclusiveMinimum == nil {
			s.Minimum = new(float64)
		}
		return s
	}
	return bounded("number", f.Range)
}

// list takes a single plain value for a list of one.
func (b *schemas) list(t reflect.Type, f *Field) *schema {
	item := b.value(t.Elem(), f)
	list := &schema{Type: "array", Items: item}
	if r := f.Length; r.HasLow {
		list.MinItems = new(int(r.Low))
	}
	if r := f.Length; r.HasHigh {
		list.MaxItems = new(int(r.High))
	}
	if !f.Length.Holds(1) {
		return list
	}
	one := *b.value(t.Elem(), f)
	if one.Type == nil {
		one.Type = []string{"string", "number", "boolean"}
	}
	if one.Type == "array" || one.Type == "object" {
		return list
	}
	return &schema{AnyOf: []*schema{list, &one}}
}

func text(f *Field) *schema {
	if len(f.OneOf) == 0 {
		if f.AnyText {
			return &schema{Type: []string{"string", "number", "boolean"}}
		}
		return &schema{Type: "string"}
	}
	s := &schema{}
	for _, word := range f.OneOf {
		s.Enum = append(s.Enum, word)
		if plain := toJSON(parseDefault(f.Type, f.Key, word)); string(plain) != `"`+word+`"` { // true, 1
			s.Enum = append(s.Enum, plain)
		}
	}
	return s
}

func bounded(kind string, r Range) *schema {
	s := &schema{Type: kind}
	if r.HasLow && r.OpenLow {
		s.ExclusiveMinimum = &r.Low
	} else if r.HasLow {
		s.Minimum = &r.Low
	}
	if r.HasHigh && r.OpenHi {
		s.ExclusiveMaximum = &r.High
	} else if r.HasHigh {
		s.Maximum = &r.High
	}
	return s
}

// structure is the schema of a struct: a mapping, and bare words when it holds an inline kind.
func (b *schemas) structure(t reflect.Type) *schema {
	objects := b.objects(t)
	inline := infoOf(t).inline
	if inline == nil {
		return b.alternatives(objects, true)
	}
	set, _ := kindsOf(inline.Type)
	for i := range infoOf(t).fields {
		if f := &infoOf(t).fields[i]; f.Required && !f.inline { // a bare word would leave it out
			return b.alternatives(objects, set.absent == nil)
		}
	}
	return b.alternatives(append(b.words(set), objects...), set.absent == nil && set.scalar == nil)
}

// kind is the schema of a registered kind.
func (b *schemas) kind(t reflect.Type) *schema {
	set, ok := kindsOf(t)
	if !ok {
		panic("spec: no kinds are registered for " + t.String())
	}
	return b.define(t, strings.ReplaceAll(set.what, " ", "_"), func() *schema {
		all := b.words(set)
		for _, key := range set.keys() {
			all = append(all, b.kindObjects(set, key)...)
		}
		return b.alternatives(all, set.absent == nil)
	})
}

// withDefaultKind also takes the settings of a field's default kind without the key that names it.
func (b *schemas) withDefaultKind(s *schema, t reflect.Type, key string) *schema {
	set, _ := kindsOf(t)
	settings, ok := set.lookup(key)
	if !ok || set.absent != nil { // a plain value such as 0.001
		return s
	}
	name := strings.ReplaceAll(set.what, " ", "_") + "_" + key
	return b.alternatives([]*schema{s, b.define(settings.Elem(), name, func() *schema {
		return b.alternatives(b.objects(settings.Elem()), true)
	})}, true)
}

// words are the short forms of a kind: the bare word of each that needs no settings, and a number where it means one.
func (b *schemas) words(set *kindSet) (all []*schema) {
	for _, key := range set.keys() {
		t, _ := set.lookup(key)
		if suffices(t.Elem()) {
			all = append(all, &schema{Const: key, Description: set.summary(key)})
		}
	}
	if set.scalar != nil {
		if _, ok := set.scalar("0.5"); ok {
			all = append(all, &schema{Type: "number"})
		}
	}
	return all
}

// needs reports whether a struct has settings that must be given.
func needs(t reflect.Type) bool {
	for _, f := range infoOf(t).fields {
		if set, ok := kindsOf(f.Type); f.Required || f.inline && ok && set.absent == nil {
			return true
		}
	}
	return false
}

// suffices reports whether a kind's bare word is enough: all settings have defaults, which go together.
func suffices(t reflect.Type) bool {
	if needs(t) {
		return false
	}
	v := reflect.New(t).Elem()
	fillDefaults(v)
	var p Problems
	check("kind", v, infoOf(t), &p)
	return p.Len() == 0
}

// kindObjects are the mappings that choose the kind key, with its settings.
func (b *schemas) kindObjects(set *kindSet, key string) []*schema {
	t, _ := set.lookup(key)
	objects := b.objects(t.Elem())
	for _, o := range objects {
		o.Description = set.summary(key)
		o.Properties = append(properties{{set.key, &schema{Const: key}}}, o.Properties...)
		if set.absent == nil {
			o.Required = append([]string{set.key}, o.Required...)
		}
	}
	return objects
}

// objects are the mappings that a struct is written as: one, or one for each kind that it holds inline.
func (b *schemas) objects(t reflect.Type) []*schema {
	info := infoOf(t)
	var all []*schema
	if info.inline == nil {
		all = []*schema{{Type: "object", AdditionalProperties: false}}
	} else {
		set, ok := kindsOf(info.inline.Type)
		if !ok {
			panic("spec: no kinds are registered for " + info.inline.Type.String())
		}
		for _, key := range set.keys() {
			all = append(all, b.kindObjects(set, key)...)
		}
	}
	for i := range info.fields {
		f := &info.fields[i]
		if f.inline {
			continue
		}
		for _, o := range all {
			o.Properties = append(o.Properties, property{f.Key, b.field(f)})
			if f.Required && f.Unless == "" {
				o.Required = append(o.Required, f.Key)
			}
		}
	}
	return all
}

// alternatives is the choice among schemas; exclusive when no value can match two of them.
func (b *schemas) alternatives(all []*schema, exclusive bool) *schema {
	switch {
	case len(all) == 1:
		return all[0]
	case exclusive:
		return &schema{OneOf: all}
	}
	return &schema{AnyOf: all}
}
