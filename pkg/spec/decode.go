package spec

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Node is a place in the tree that a settings type decodes itself from.
type Node struct {
	Path string
	yaml *yaml.Node
}

// Unmarshaler is implemented (on the pointer) by settings that have a spelling of their own, such as a size that may be
// a number or a word.
type Unmarshaler interface {
	UnmarshalSpec(n *Node, p *Problems)
}

// Marshaler is the way back: it returns a value of plain type that decodes to the same settings.
type Marshaler interface {
	MarshalSpec() any
}

// Describer says in words what an Unmarshaler takes: "whole number or the word classes".
type Describer interface {
	DescribeSpec() string
}

// Checker is implemented by settings with rules across fields. It is called when all fields were decoded.
type Checker interface {
	CheckSpec(path string, p *Problems)
}

var describerType = reflect.TypeFor[Describer]()

// maxDepth bounds nesting, so that an alias that contains itself ends in a message.
const maxDepth = 64

// Decode fills the settings struct that target points to from the whole document and notes every mistake. Fields whose
// text is wrong keep their default, so that later rooms can go on and find more.
func (d *Document) Decode(target any, p *Problems) {
	decodeStruct(&Node{yaml: d.root}, reflect.ValueOf(target).Elem(), p)
}

// Scalar returns the node's text when it is a plain value.
func (n *Node) Scalar() (text string, ok bool) {
	y := follow(n.yaml)
	return y.Value, y.Kind == yaml.ScalarNode && y.Tag != "!!null"
}

// IsString reports whether the node is a plain value that YAML reads as text, not as a number or truth value.
func (n *Node) IsString() bool {
	y := follow(n.yaml)
	return y.Kind == yaml.ScalarNode && y.ShortTag() == "!!str"
}

// IsList and IsMapping tell the node's form.
func (n *Node) IsList() bool    { return follow(n.yaml).Kind == yaml.SequenceNode }
func (n *Node) IsMapping() bool { return follow(n.yaml).Kind == yaml.MappingNode }

// Get returns the value under key of a mapping, or nil.
func (n *Node) Get(key string) *Node {
	if _, v := child(n.yaml, key); v != nil && n.IsMapping() {
		return &Node{Path: join(n.Path, key), yaml: v}
	}
	return nil
}

// Into decodes the node into the value that target points to, by the same rules as everywhere.
func (n *Node) Into(target any, p *Problems) {
	decodeValue(n, reflect.ValueOf(target).Elem(), Field{}, p)
}

// Describe names what stands at the node, for "want …, got …".
func (n *Node) Describe() string {
	y := follow(n.yaml)
	switch y.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "a mapping"
	}
	switch y.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!str":
		return fmt.Sprintf("the text %q", y.Value)
	}
	return y.Value
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// decodeStruct fills v from a mapping, notes unknown, doubled and missing keys, and fills defaults. parentKeys are the
// keys of an enclosing struct that the same mapping may hold; they are only suggested.
func decodeStruct(n *Node, v reflect.Value, p *Problems, parentKeys ...string) {
	fillDefaults(v)
	y := follow(n.yaml)
	fields := Fields(v.Type())
	var inline *Field
	for i := range fields {
		if fields[i].inline {
			inline = &fields[i]
		}
	}
	if inline != nil && y.Kind == yaml.ScalarNode { // a bare word is short for a kind with defaults
		decodeKind(n, v.FieldByIndex(inline.Index), nil, p)
		check(n.Path, v, p)
		return
	}
	if y.Kind != yaml.MappingNode {
		p.Add(n.Path, "want a mapping, got %s", n.Describe())
		return
	}
	if strings.Count(n.Path, ".")+strings.Count(n.Path, "[") > maxDepth {
		p.Add(n.Path, "nested too deeply (an alias that contains itself?)")
		return
	}
	own := map[string]bool{}
	for _, f := range fields {
		own[f.Key] = !f.inline
	}
	if inline != nil {
		decodeKind(n, v.FieldByIndex(inline.Index), own, p)
	} else {
		rejectUnknown(n, y, keysOf(fields), parentKeys, p)
	}
	for _, f := range fields {
		if f.inline {
			continue
		}
		at := n.Get(f.Key)
		if at == nil {
			if f.Required {
				p.Add(n.Path, "%s is missing%s", f.Key, because(f.Doc))
			}
			continue
		}
		decodeValue(at, v.FieldByIndex(f.Index), f, p)
	}
	check(n.Path, v, p)
}

func because(doc string) string {
	if doc == "" {
		return ""
	}
	return " (" + doc + ")"
}

func check(path string, v reflect.Value, p *Problems) {
	if c, ok := v.Addr().Interface().(Checker); ok {
		c.CheckSpec(path, p)
	}
}

func keysOf(fields []Field) []string {
	var keys []string
	for _, f := range fields {
		if !f.inline {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

// rejectUnknown notes every key of the mapping y that is not known, and every key that stands twice.
func rejectUnknown(n *Node, y *yaml.Node, known, elsewhere []string, p *Problems) {
	seen := map[string]int{}
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := y.Content[i]
		if line, twice := seen[key.Value]; twice {
			p.AddKey(join(n.Path, key.Value), "the key stands twice: here and in line %d", max(line, key.Line))
		}
		seen[key.Value] = key.Line
		if !slices.Contains(known, key.Value) {
			p.AddKey(join(n.Path, key.Value), "unknown key%s", didYouMean(key.Value, append(slices.Clone(known), elsewhere...)))
		}
	}
}

// decodeKind fills an interface value with the settings of the kind that the node chooses. own holds the keys that
// belong to the enclosing struct when the kind is inline.
func decodeKind(n *Node, v reflect.Value, own map[string]bool, p *Problems) {
	set, ok := kindsOf(v.Type())
	if !ok {
		panic("spec: no kinds are registered for " + v.Type().String())
	}
	y := follow(n.yaml)
	var key, at string
	switch y.Kind {
	case yaml.ScalarNode:
		key, at = y.Value, n.Path
		if set.scalar != nil {
			if settings, ok := set.scalar(y.Value); ok {
				v.Set(reflect.ValueOf(settings))
				check(n.Path, v.Elem().Elem(), p)
				return
			}
		}
	case yaml.MappingNode:
		at = join(n.Path, set.key)
		if k := n.Get(set.key); k != nil {
			key, _ = k.Scalar()
		} else if set.absent != nil {
			key = set.absent(n)
		}
		if key == "" {
			p.Add(n.Path, "%s is missing: it chooses the %s%s", set.key, set.what, didYouMean("", set.keys()))
			return
		}
	default:
		p.Add(n.Path, "want a %s, got %s", set.what, n.Describe())
		return
	}
	t, ok := set.lookup(key)
	if !ok {
		p.Add(at, "unknown %s %q%s", set.what, key, didYouMean(key, set.keys()))
		return
	}
	settings := reflect.New(t.Elem())
	rest := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: y.Line, Column: y.Column}
	if y.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(y.Content); i += 2 {
			if k := y.Content[i].Value; k != set.key && !own[k] {
				rest.Content = append(rest.Content, y.Content[i], y.Content[i+1])
			}
		}
	}
	decodeStruct(&Node{Path: n.Path, yaml: rest}, settings.Elem(), p, append(slices.Collect(maps.Keys(own)), set.key)...)
	v.Set(settings)
}

// decodeValue fills one value of any supported type.
func decodeValue(n *Node, v reflect.Value, f Field, p *Problems) {
	if u, ok := v.Addr().Interface().(Unmarshaler); ok {
		u.UnmarshalSpec(n, p)
		return
	}
	y := follow(n.yaml)
	if v.Kind() == reflect.Pointer {
		if y.Kind == yaml.ScalarNode && y.Tag == "!!null" {
			v.SetZero()
			return
		}
		fresh := reflect.New(v.Type().Elem())
		fillDefaults(fresh.Elem())
		decodeValue(n, fresh.Elem(), f, p)
		v.Set(fresh)
		return
	}
	if _, ok := kindsOf(v.Type()); ok {
		decodeKind(n, v, nil, p)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		decodeStruct(n, v, p)
	case reflect.Slice:
		decodeSlice(n, y, v, f, p)
	case reflect.Map:
		decodeMap(n, y, v, f, p)
	default:
		decodeScalar(n, y, v, f, p)
	}
}

// decodeSlice fills a list; a single plain value is taken as a list of one.
func decodeSlice(n *Node, y *yaml.Node, v reflect.Value, f Field, p *Problems) {
	items := y.Content
	if y.Kind == yaml.ScalarNode && y.Tag != "!!null" {
		items = []*yaml.Node{y}
	} else if y.Kind != yaml.SequenceNode {
		p.Add(n.Path, "want a %s, got %s", typeText(v.Type()), n.Describe())
		return
	}
	out := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		fillDefaults(out.Index(i))
		path := n.Path
		if y.Kind == yaml.SequenceNode {
			path = fmt.Sprintf("%s[%d]", n.Path, i)
		}
		decodeValue(&Node{Path: path, yaml: item}, out.Index(i), f, p)
	}
	if !f.Length.Holds(float64(len(items))) {
		p.Add(n.Path, "has %d entries, want a number of entries in %s", len(items), f.Length.Text)
	}
	v.Set(out)
}

func decodeMap(n *Node, y *yaml.Node, v reflect.Value, f Field, p *Problems) {
	if y.Kind != yaml.MappingNode {
		p.Add(n.Path, "want a %s, got %s", typeText(v.Type()), n.Describe())
		return
	}
	out := reflect.MakeMap(v.Type())
	for i := 0; i+1 < len(y.Content); i += 2 {
		item := reflect.New(v.Type().Elem()).Elem()
		fillDefaults(item)
		decodeValue(&Node{Path: join(n.Path, y.Content[i].Value), yaml: y.Content[i+1]}, item, f, p)
		out.SetMapIndex(reflect.ValueOf(y.Content[i].Value), item)
	}
	v.Set(out)
}

// decodeScalar fills a truth value, number or text, and holds it against the field's range and words.
func decodeScalar(n *Node, y *yaml.Node, v reflect.Value, f Field, p *Problems) {
	wrong := func() { p.Add(n.Path, "want %s, got %s", article(typeText(v.Type())), n.Describe()) }
	if y.Kind != yaml.ScalarNode || y.Tag == "!!null" {
		wrong()
		return
	}
	tag := y.ShortTag()
	var number float64
	switch v.Kind() {
	case reflect.Bool:
		if tag != "!!bool" {
			wrong()
			return
		}
		v.SetBool(strings.EqualFold(y.Value, "true"))
		return
	case reflect.String:
		if tag != "!!str" && !f.AnyText && len(f.OneOf) == 0 {
			p.Add(n.Path, "want a text, got %s (put it in quotes if it is meant as text)", n.Describe())
			return
		}
		if len(f.OneOf) > 0 && !slices.Contains(f.OneOf, y.Value) {
			p.Add(n.Path, "%q is not one of %s%s", y.Value, strings.Join(f.OneOf, ", "), suggestion(y.Value, f.OneOf))
			return
		}
		v.SetString(y.Value)
		return
	case reflect.Int, reflect.Int64, reflect.Uint64:
		x, ok := parseNumber(y)
		if !ok {
			wrong()
			return
		}
		if x != math.Trunc(x) || v.Kind() == reflect.Uint64 && x < 0 {
			p.Add(n.Path, "want a whole number, got %s", y.Value)
			return
		}
		if math.Abs(x) > 1<<53 && v.Kind() != reflect.Uint64 {
			p.Add(n.Path, "%s is too large", y.Value)
			return
		}
		number = x
	case reflect.Float64:
		x, ok := parseNumber(y)
		if !ok {
			wrong()
			return
		}
		number = x
	default:
		panic("spec: cannot decode into " + v.Type().String())
	}
	if !f.Range.Holds(number) {
		p.Add(n.Path, "%s is out of range: want a value in %s", y.Value, f.Range.Text)
		return
	}
	switch v.Kind() {
	case reflect.Float64:
		v.SetFloat(number)
	case reflect.Uint64:
		if u, err := strconv.ParseUint(y.Value, 0, 64); err == nil {
			v.SetUint(u)
		} else {
			v.SetUint(uint64(number))
		}
	default:
		v.SetInt(int64(number))
	}
}

func suggestion(word string, known []string) string {
	if s := Suggest(word, known); s != "" {
		return " (did you mean " + s + "?)"
	}
	return ""
}

func article(what string) string {
	if strings.Contains(what, "|") {
		return what
	}
	return "a " + what
}

// parseNumber reads a plain, unquoted number. YAML has several spellings; all that Go reads too are taken.
func parseNumber(y *yaml.Node) (float64, bool) {
	if tag := y.ShortTag(); tag != "!!int" && tag != "!!float" {
		return 0, false
	}
	var x float64
	if err := y.Decode(&x); err != nil || math.IsNaN(x) {
		return 0, false
	}
	return x, true
}

// fillDefaults sets every field of a settings struct to its default, in embedded structs too.
func fillDefaults(v reflect.Value) {
	if v.Kind() != reflect.Struct {
		return
	}
	if _, custom := v.Addr().Interface().(Unmarshaler); custom {
		return
	}
	for _, f := range Fields(v.Type()) {
		field := v.FieldByIndex(f.Index)
		if !f.HasDef {
			fillDefaults(field)
			continue
		}
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(f.Default), &doc); err != nil {
			panic(fmt.Sprintf("spec: default of %s: %v", f.Key, err))
		}
		node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str"}
		if len(doc.Content) > 0 {
			node = doc.Content[0]
		}
		var p Problems
		decodeValue(&Node{Path: f.Key, yaml: node}, field, f, &p)
		if p.Len() > 0 {
			panic(fmt.Sprintf("spec: default of %s: %s", f.Key, p.list[0].Text))
		}
	}
}
