// Package spec reads the YAML envelope: strict decoding into typed settings, positions, suggestions, overrides and the
// JSON Schema. It knows nothing of layers or datasets: other rooms describe their settings as structs with tags, and
// this one fills them, checks them, prints them and documents them.
//
// Tags of a settings field:
//
//	spec:"units"        the key (default: the field's name in snake_case); ",inline" merges the fields of a struct or of
//	                    a registered kind into the parent; "-" hides the field
//	default:"0.9"       the value when the key is absent, as YAML
//	required:"true"     the key must be there
//	range:"(0,1]"       bounds of a number, or of each number of a list; "[1,)" has no upper bound
//	length:"[1,)"       bounds of the length of a list
//	oneof:"same|valid"  the words allowed
//	scalar:"any"        a string field that takes numbers and booleans as their text
//	doc:"..."           what it means, with its unit
package spec

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Document is a parsed spec file with its overrides: a tree in which every node knows where it stands.
type Document struct {
	File string // as the user named it
	root *yaml.Node
	from map[*yaml.Node]string // nodes that came from --set, and the text they came from
}

// Position is a place in a spec file, or the override that put a value there.
type Position struct {
	File         string
	Line, Column int
	Override     string // "--set a.b=c" when the value was given on the command line
}

func (p Position) String() string {
	if p.Override != "" {
		return p.Override
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Load reads and parses a spec file and applies overrides of the form "layers.0.units=64". Its error is an *Error when
// the text is not YAML or an override does not fit.
func Load(file string, sets []string) (*Document, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return Parse(file, text, sets)
}

// Parse is Load for a text at hand; file is used in messages only.
func Parse(file string, text []byte, sets []string) (*Document, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, syntaxError(file, err)
	}
	d := &Document{File: file, from: map[*yaml.Node]string{}}
	if doc.Kind == 0 || len(doc.Content) == 0 {
		d.root = &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}
	} else {
		d.root = doc.Content[0]
	}
	for _, s := range sets {
		if err := d.set(s); err != nil {
			return nil, &Error{Lines: []string{fmt.Sprintf("--set %s: %v", s, err)}}
		}
	}
	return d, nil
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// syntaxError gives a yaml error the form of all other messages. yaml.v3 tells the line, but no column.
func syntaxError(file string, err error) error {
	m := yamlLine.FindStringSubmatch(strings.SplitN(err.Error(), "\n", 2)[0])
	if m == nil {
		return &Error{Lines: []string{fmt.Sprintf("%s:1:1: %v", file, err)}}
	}
	line := m[1]
	if line == "" {
		line = "1"
	}
	return &Error{Lines: []string{fmt.Sprintf("%s:%s:1: not valid YAML: %s", file, line, m[2])}}
}

// Position tells where path stands; when nothing stands there, where the nearest thing above it does.
func (d *Document) Position(path string, atKey bool) Position {
	node, key := d.root, d.root
	for _, step := range splitPath(path) {
		k, v := child(node, step)
		if v == nil {
			break
		}
		key, node = k, v
	}
	at := node
	if atKey {
		at = key
	}
	if source, ok := d.from[node]; ok {
		return Position{File: d.File, Override: source}
	}
	return Position{File: d.File, Line: at.Line, Column: at.Column}
}

// child returns the key node and value node of one step below n, or nils.
func child(n *yaml.Node, step string) (key, value *yaml.Node) {
	n = follow(n)
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i], n.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i], n.Content[i]
		}
	}
	return nil, nil
}

// follow goes from an alias to what it stands for.
func follow(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// splitPath cuts "layers[3].units" or "layers.3.units" into its steps.
func splitPath(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
}

// set applies one override.
func (d *Document) set(s string) error {
	path, text, ok := strings.Cut(s, "=")
	steps := splitPath(path)
	if !ok || len(steps) == 0 {
		return errors.New("want KEY=VALUE, for example train.epochs=5")
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return fmt.Errorf("the value is not valid YAML: %v", err)
	}
	value := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str"}
	if len(doc.Content) > 0 {
		value = doc.Content[0]
	}
	d.mark(value, "--set "+s)
	node := follow(d.root)
	for i, step := range steps {
		next, err := d.descend(node, step, "--set "+s)
		if err != nil {
			return err
		}
		if i == len(steps)-1 {
			*next = value
			return nil
		}
		node = follow(*next)
	}
	return nil
}

// descend returns the slot for step below n, making it where a mapping has none yet.
func (d *Document) descend(n *yaml.Node, step, source string) (**yaml.Node, error) {
	if n.Kind == yaml.ScalarNode && n.Tag != "!!str" && n.Tag != "!!null" {
		return nil, fmt.Errorf("%s lies below %q, which is a plain value", step, n.Value)
	}
	if n.Kind == yaml.ScalarNode { // a bare word is short for a kind; an empty one for an empty mapping
		word := *n
		n.Kind, n.Tag, n.Value, n.Content = yaml.MappingNode, "!!map", "", nil
		if word.Tag == "!!str" {
			n.Content = []*yaml.Node{{Kind: yaml.ScalarNode, Tag: "!!str", Value: "type", Line: word.Line, Column: word.Column}, &word}
		}
	}
	if n.Kind == yaml.SequenceNode {
		i, err := strconv.Atoi(step)
		if err != nil || i < 0 || i >= len(n.Content) {
			return nil, fmt.Errorf("%q is not an entry of a list of %d (entries count from 0)", step, len(n.Content))
		}
		return &n.Content[i], nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == step {
			return &n.Content[i+1], nil
		}
	}
	key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: step}
	value := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	d.from[key], d.from[value] = source, source
	n.Content = append(n.Content, key, value)
	return &n.Content[len(n.Content)-1], nil
}

// mark notes that n and all below it came from an override.
func (d *Document) mark(n *yaml.Node, source string) {
	d.from[n] = source
	for _, c := range n.Content {
		d.mark(c, source)
	}
}
