package spec

import (
	"fmt"
	"path/filepath"
	"reflect"

	"gopkg.in/yaml.v3"
)

// Node is a place in the tree that a settings type decodes itself from.
type Node struct {
	Path string
	yaml *yaml.Node
	doc  *Document // nil for defaults

	guessed bool     // the settings of a kind that only may be meant
	kinds   *kindSet // of those, nil where the settings are of no kind

	outer *structInfo // the struct whose keys stand among those of the kind, or nil
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

// Listed is implemented by settings that may also be written as the list of one of their keys alone.
type Listed interface {
	ListedSpec() (key string)
}

// Describer says in words what an Unmarshaler takes: "whole number | classes".
type Describer interface {
	DescribeSpec() string
}

// Checker is implemented by settings with rules across fields. It is called when all fields were decoded.
type Checker interface {
	CheckSpec(path string, p *Problems)
}

// Decode fills the settings struct that target points to from the whole document and notes every mistake. Fields whose
// text is wrong keep their default, so that later packages can go on and find more.
func (d *Document) Decode(target any, p *Problems) {
	v := reflect.ValueOf(target).Elem()
	p.list = append(p.list, d.found...)
	if len(d.root.Content) == 0 && len(d.found) > 0 && d.root.Kind == yaml.MappingNode {
		fillDefaults(v) // nothing but what was found can be said of an empty file
		return
	}
	d.settings = infoOf(v.Type())
	decodeStruct(&Node{yaml: d.root, doc: d}, v, p, nil)
}

// root are the settings of the whole document, nil where they are not known.
func (n *Node) root() *structInfo {
	if n.doc == nil {
		return nil
	}
	return n.doc.settings
}

// Scalar returns the node's text when it is a plain value.
func (n *Node) Scalar() (text string, ok bool) {
	return n.yaml.Value, n.yaml.Kind == yaml.ScalarNode && !isNull(n.yaml)
}

// IsString reports whether the node is a plain value that YAML reads as text, not as a number or truth value.
func (n *Node) IsString() bool {
	return n.yaml.Kind == yaml.ScalarNode && n.yaml.ShortTag() == "!!str"
}

// IsList and IsMapping tell the node's form.
func (n *Node) IsList() bool    { return n.yaml.Kind == yaml.SequenceNode }
func (n *Node) IsMapping() bool { return n.yaml.Kind == yaml.MappingNode }

// Get returns the value under key of a mapping, or nil.
func (n *Node) Get(key string) *Node {
	if !n.IsMapping() {
		return nil
	}
	if _, v := child(n.yaml, key); v != nil {
		return &Node{Path: join(n.Path, key), yaml: v, doc: n.doc}
	}
	return nil
}

// Dir is the folder of the spec file, from which its paths hold.
func (n *Node) Dir() string {
	if n.doc == nil {
		return "."
	}
	return filepath.Dir(n.doc.File)
}

// Widen says that a bare word is short for {key: word}, where an override put further keys next to it and so made it a
// mapping.
func (n *Node) Widen(key string) {
	if n.yaml.Tag != bareTag {
		return
	}
	n.yaml.Tag = "!!map"
	if _, other := child(n.yaml, key); other != nil { // the override replaces the word
		n.yaml.Content = n.yaml.Content[2:]
		return
	}
	n.yaml.Content[0].Value = key
}

// Into decodes the node into the value that target points to, by the same rules as everywhere.
func (n *Node) Into(target any, p *Problems) {
	decodeValue(n, reflect.ValueOf(target).Elem(), &Field{}, p)
}

// Describe names what stands at the node, for "want …, got …".
func (n *Node) Describe() string { return describe(n.yaml) }

func describe(y *yaml.Node) string {
	switch y.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		if len(y.Content) == 2 && y.Content[0].ShortTag() == "!!null" && y.Content[1].ShortTag() == "!!null" {
			return `a mapping; quote it: "?"`
		}
		return "a mapping"
	}
	switch y.ShortTag() {
	case "!!null":
		if y.Value != "" {
			return "nothing (" + y.Value + ")"
		}
		return "nothing"
	case "!!str":
		return fmt.Sprintf("the text %q", short(y.Value))
	}
	return short(y.Value)
}

// short cuts long texts for messages.
func short(s string) string {
	if r := []rune(s); len(r) > 50 {
		return string(r[:49]) + "…"
	}
	return s
}

func isNull(y *yaml.Node) bool { return y.Kind == yaml.ScalarNode && y.ShortTag() == "!!null" }
