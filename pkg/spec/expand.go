package spec

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

const (
	// maxDepth bounds nesting: what lies deeper is a slip or an attack.
	maxDepth = 200
	// maxCopies bounds the values that aliases stand for, all together: nine lines can mean a billion.
	maxCopies = 100_000
)

// expansion replaces every alias by a copy of what it stands for and merges what stands under <<, so that all later steps
// see a plain tree, and an override changes one place only. Copies keep the line and column of the original, where a
// mistake is to be mended. On the way, duplicate keys and other things that no settings take are noted.
type expansion struct {
	d      *Document
	open   map[*yaml.Node]bool // anchored nodes that the walk is inside of
	size   map[*yaml.Node]int  // of anchored nodes
	copies int
	full   bool
}

func (d *Document) expand(root *yaml.Node) {
	e := expansion{d: d, open: map[*yaml.Node]bool{}, size: map[*yaml.Node]int{}}
	e.walk(root, "", 0)
}

func (e *expansion) note(n *yaml.Node, path, format string, args ...any) {
	at := e.d.place(n)
	e.d.found = append(e.d.found, Problem{Path: path, Text: fmt.Sprintf(format, args...), at: &at})
}

// walk expands the tree below n in place and returns its size.
func (e *expansion) walk(n *yaml.Node, path string, depth int) int {
	if n.Kind == yaml.AliasNode {
		e.alias(n, path)
	}
	if n.Style&yaml.TaggedStyle != 0 && n.Tag != "!!str" {
		e.note(n, path, "the tag %s means nothing here; take it out", n.Tag)
		n.Tag, n.Style = "", n.Style&^yaml.TaggedStyle
	}
	if n.Kind == yaml.ScalarNode {
		return 1
	}
	if depth > maxDepth {
		e.note(n, path, "nested deeper than %d levels", maxDepth)
		n.Content = nil
	}
	if n.Anchor != "" {
		e.open[n] = true
		defer delete(e.open, n)
	}
	size := 1
	if n.Kind == yaml.MappingNode {
		size += e.mapping(n, path, depth)
	} else {
		for i, c := range n.Content {
			size += e.walk(c, fmt.Sprintf("%s[%d]", path, i), depth+1)
		}
	}
	if n.Anchor != "" {
		e.size[n] = size
	}
	return size
}

// alias turns an alias into a copy of what it stands for, and into nothing where it cannot.
func (e *expansion) alias(n *yaml.Node, path string) {
	target := n.Alias
	size := max(1, e.size[target])
	n.Kind, n.Tag, n.Alias = yaml.ScalarNode, "!!null", nil
	switch {
	case e.open[target]:
		e.note(n, path, "*%s stands within what it stands for", n.Value)
		n.Value = "null"
	case e.copies+size > maxCopies:
		if !e.full {
			e.note(n, path, "the aliases stand for more than %d values", maxCopies)
		}
		e.full, n.Value = true, "null"
	default:
		e.copies += size
		line, column := n.Line, n.Column
		*n = *e.copy(target)
		if n.Kind == yaml.ScalarNode { // a plain value is best looked for where it is used
			n.Line, n.Column = line, column
		}
	}
}

func (e *expansion) copy(n *yaml.Node) *yaml.Node {
	c := *n
	c.Anchor = ""
	c.Content = make([]*yaml.Node, len(n.Content))
	for i := range n.Content {
		c.Content[i] = e.copy(n.Content[i])
	}
	if source, ok := e.d.from[n]; ok {
		e.d.from[&c] = source
	}
	return &c
}

// mapping expands the values of a mapping, leaves out keys that cannot be, and merges what stands under <<.
func (e *expansion) mapping(n *yaml.Node, path string, depth int) (size int) {
	lines := map[string]int{}
	var kept, merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		size += e.walk(key, path, depth+1)
		at := join(path, key.Value)
		if key.Kind != yaml.ScalarNode {
			e.note(key, path, "a key must be a plain word, not %s", describe(key))
			continue
		}
		size += e.walk(value, at, depth+1)
		line, twice := lines[key.Value]
		lines[key.Value] = key.Line
		switch {
		case twice && line == key.Line:
			e.note(key, at, "duplicate key")
		case twice:
			e.note(key, at, "duplicate key, first in line %d", line)
		case key.Tag == "!!merge":
			merged = append(merged, e.mergees(value, at)...)
		default:
			kept = append(kept, key, value)
		}
	}
	for _, m := range merged { // what stands in the mapping itself comes first, then what stands first under <<
		for i := 0; i+1 < len(m.Content); i += 2 {
			if _, there := lines[m.Content[i].Value]; !there {
				lines[m.Content[i].Value] = m.Content[i].Line
				kept = append(kept, m.Content[i], m.Content[i+1])
			}
		}
	}
	n.Content = kept
	return size
}

// mergees returns the mappings that stand under a <<.
func (e *expansion) mergees(value *yaml.Node, path string) []*yaml.Node {
	list := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		list = value.Content
	}
	for _, m := range list {
		if isNull(m) {
			return nil
		}
		if m.Kind != yaml.MappingNode {
			e.note(m, path, "<< merges a mapping, or a list of them, not %s", describe(m))
			return nil
		}
	}
	return list
}
