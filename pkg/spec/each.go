package spec

import (
	"reflect"
	"slices"

	"gopkg.in/yaml.v3"
)

// OneOrEach is a setting that is given once, as a T, or for each of several names, as a mapping from them to E.
type OneOrEach[T, E any] struct {
	One   T
	Names []string // in the order of the spec; nil where it is given once
	Each  []E      // parallel to Names
}

// oneOrEach is what encoding and the JSON Schema ask of it.
type oneOrEach interface {
	types() (one, each reflect.Type)
	parts() (one reflect.Value, names []string, each reflect.Value)
}

var oneOrEachType = reflect.TypeFor[oneOrEach]()

func (o *OneOrEach[T, E]) types() (one, each reflect.Type) {
	return reflect.TypeFor[T](), reflect.TypeFor[E]()
}

func (o *OneOrEach[T, E]) parts() (one reflect.Value, names []string, each reflect.Value) {
	return reflect.ValueOf(&o.One).Elem(), o.Names, reflect.ValueOf(o.Each)
}

// Of returns what is given for a name, and where in Each that is; false when there is nothing.
func (o *OneOrEach[T, E]) Of(name string) (i int, ok bool) {
	i = slices.Index(o.Names, name)
	return i, i >= 0
}

// UnmarshalSpec reads a mapping by names, or else the one value.
func (o *OneOrEach[T, E]) UnmarshalSpec(n *Node, p *Problems) {
	if !byNames(n, reflect.TypeFor[T]()) {
		n.Into(&o.One, p)
		return
	}
	for i := 0; i+1 < len(n.yaml.Content); i += 2 {
		name := n.yaml.Content[i].Value
		if n.unset(n.yaml.Content[i+1]) {
			continue
		}
		var e E
		fillDefault(reflect.ValueOf(&e).Elem())
		at := &Node{Path: join(n.Path, name), yaml: n.yaml.Content[i+1], doc: n.doc}
		at.Into(&e, p)
		o.Names, o.Each = append(o.Names, name), append(o.Each, e)
	}
}

// fillDefault fills a value that may be a struct of settings.
func fillDefault(v reflect.Value) {
	if v.Kind() == reflect.Struct {
		fillDefaults(v)
	}
}

// byNames reports whether a mapping is one from names, and not a value of type t itself: it does not choose a kind, nor
// hold the settings of one, and something in it is such a value, or may be meant to be.
func byNames(n *Node, t reflect.Type) bool {
	if !n.IsMapping() || n.yaml.Tag == bareTag { // a bare word, to which an override adds keys, is a kind
		return false
	}
	list := t.Kind() == reflect.Slice
	if list {
		t = t.Elem()
	}
	set, ok := kindsOf(t)
	if !ok {
		return list
	}
	keys, own, possible := set.keys(), set.settingsKeys(), false
	for i := 0; i+1 < len(n.yaml.Content); i += 2 {
		key, value := n.yaml.Content[i].Value, n.yaml.Content[i+1]
		if key == set.key || slip(key, []string{set.key}) != "" {
			return false
		}
		_, named := child(value, set.key)
		word := value.Kind == yaml.ScalarNode && value.ShortTag() == "!!str"
		if named != nil || list && value.Kind == yaml.SequenceNode || word && (slices.Contains(keys, value.Value) || set.alias(value.Value) != "") {
			return true
		}
		possible = possible || word && !slices.Contains(own, key)
	}
	return possible
}

// DescribeSpec says what the setting takes.
func (o OneOrEach[T, E]) DescribeSpec() string {
	return typeText(reflect.TypeFor[T]()) + " | mapping by target"
}

// OneOfEach returns the type of the one value, T, where t is a OneOrEach[T, E].
func OneOfEach(t reflect.Type) (one reflect.Type, ok bool) {
	if t.Kind() != reflect.Struct || !reflect.PointerTo(t).Implements(oneOrEachType) {
		return nil, false
	}
	one, _ = reflect.New(t).Interface().(oneOrEach).types()
	return one, true
}

func asOneOrEach(v reflect.Value) (oneOrEach, bool) {
	if v.Kind() != reflect.Struct || !reflect.PointerTo(v.Type()).Implements(oneOrEachType) {
		return nil, false
	}
	if !v.CanAddr() {
		addressed := reflect.New(v.Type()).Elem()
		addressed.Set(v)
		v = addressed
	}
	return v.Addr().Interface().(oneOrEach), true
}

// encodeOneOrEach prints the mapping in its order, or the one value; nil where there is none.
func encodeOneOrEach(o oneOrEach) *yaml.Node {
	one, names, each := o.parts()
	if names == nil {
		if k := one.Kind(); (k == reflect.Interface || k == reflect.Slice) && one.IsNil() {
			return nil
		}
		return encodeValue(one)
	}
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for i, name := range names {
		if c := encodeValue(each.Index(i)); c != nil {
			n.Content = append(n.Content, textNode(name), c)
		}
	}
	return n
}
