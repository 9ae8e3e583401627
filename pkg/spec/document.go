// Package spec reads the YAML envelope: strict decoding into typed settings, positions, suggestions, overrides and the
// JSON Schema. It knows nothing of layers or datasets: other packages describe their settings as structs with tags, and
// this one fills them, checks them, prints them and documents them.
//
// Tags of a settings field:
//
//	spec:"units"        the key (default: the field's name in snake_case); ",inline" merges the fields of a struct or of
//	                    a registered kind into the parent; "-" hides the field
//	default:"0.9"       the value when the key is absent, as YAML; a number out of the range means "not given", cannot be
//	                    written and stays out of the resolved spec
//	required:"true"     the key must be there
//	range:"(0,1]"       bounds of a number, or of each number of a list; "[1,)" has no upper bound
//	length:"[1,)"       bounds of the length of a list
//	oneof:"same|valid"  the words allowed
//	scalar:"any"        a string field that takes numbers and booleans as their text
//	doc:"..."           what it means, with its unit
//
// Of YAML, a spec may use all that says what it means: anchors, aliases and merge keys (<<) are read and gone before
// anything is decoded. Tags (!!int), keys that are not plain words, and a second document in the file are mistakes.
package spec

import (
	"fmt"
	"io"
	"os"
	"strconv"

	"gopkg.in/yaml.v3"
)

// maxSize bounds a spec file. Whoever names a larger one has named the wrong file. With its defaults filled in, as a run keeps it, a
// spec is longer.
const (
	maxSize     = 1_000_000 // 1 MB
	maxResolved = 16 * maxSize
)

// Document is a parsed spec file with its overrides: a tree without aliases in which every node knows where it stands.
type Document struct {
	File  string // as the user named it
	root  *yaml.Node
	text  []byte
	sets  []string
	from  map[*yaml.Node]string // nodes that came from --set, and the text they came from
	bare  map[*yaml.Node]string // bare words that a --set made a mapping of, by the tag bareTag
	found []Problem             // mistakes that concern no settings: doubled keys, bad overrides
	index map[*yaml.Node]map[string]int

	settings *structInfo // of what it was decoded into last
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
// the text is not YAML; all other mistakes are noted when the document is decoded.
func Load(file string, sets []string) (*Document, error) { return load(file, sets, maxSize) }

// LoadResolved is Load for a spec that was written with its defaults.
func LoadResolved(file string, sets []string) (*Document, error) {
	return load(file, sets, maxResolved)
}

func load(file string, sets []string, most int64) (*Document, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, wrongFile(Position{File: file}, "is a folder, not a spec file")
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := readText(file, f, most)
	if err != nil {
		return nil, err
	}
	return Parse(file, text, sets)
}

// ReadText reads the text of a spec to its end; file is used in messages only. A text that is too long is an *Error.
func ReadText(file string, r io.Reader) ([]byte, error) { return readText(file, r, maxSize) }

func readText(file string, r io.Reader, most int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(text)) > most {
		err = wrongFile(Position{File: file}, fmt.Sprintf("the spec has more than %d MB; most have a few kilobytes (is this the data?)", most/1_000_000))
	}
	return text, err
}

// Parse is Load for a text at hand; file is used in messages only.
func Parse(file string, text []byte, sets []string) (*Document, error) {
	root, err := parseYAML(text)
	if err != nil {
		e := locate(text, err)
		return nil, wrongFile(Position{File: file, Line: e.line, Column: e.column}, e.text)
	}
	d := &Document{File: file, root: root, text: text, sets: sets, index: map[*yaml.Node]map[string]int{}}
	d.from, d.bare = map[*yaml.Node]string{}, map[*yaml.Node]string{}
	if root == nil {
		d.root = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: 1, Column: 1}
		if len(sets) == 0 {
			d.found = append(d.found, Problem{Text: "the spec is empty"})
		}
	}
	d.expand(d.root)
	for _, s := range sets {
		if err := d.set(s); err != nil {
			d.found = append(d.found, Problem{Text: err.Error(), at: &Position{File: file, Override: override(s)}})
		}
	}
	return d, nil
}

// Position tells where path stands; when nothing stands there, where the nearest thing above it does.
func (d *Document) Position(path string, atKey bool) Position {
	node, key := d.root, d.root
	steps, _, _ := splitPath(path)
	for _, step := range steps {
		k, v := d.child(node, step)
		if v == nil {
			break
		}
		key, node = k, v
	}
	if _, set := d.from[node]; atKey && !set {
		return d.place(key)
	}
	return d.place(node)
}

// Has reports whether the document has a value at path.
func (d *Document) Has(path string) bool {
	node := d.root
	steps, _, err := splitPath(path)
	for _, step := range steps {
		if _, node = d.child(node, step); node == nil {
			return false
		}
	}
	return err == nil
}

// place tells where a node stands.
func (d *Document) place(n *yaml.Node) Position {
	if source, ok := d.from[n]; ok {
		return Position{File: d.File, Override: source}
	}
	if source, ok := d.bare[n]; ok && n.Tag == bareTag { // nobody took it for what it is short for
		return Position{File: d.File, Override: source}
	}
	return Position{File: d.File, Line: n.Line, Column: n.Column}
}

// Text is the text of the spec, without overrides.
func (d *Document) Text() []byte { return d.text }

// Overrides lists the overrides as they were given.
func (d *Document) Overrides() []string { return d.sets }

// WithoutOverrides is the document as the file has it.
func (d *Document) WithoutOverrides() (*Document, error) { return Parse(d.File, d.text, nil) }

// child is child with an index for large mappings, so that thousands of mistakes in one of them are placed in no time.
func (d *Document) child(n *yaml.Node, step string) (key, value *yaml.Node) {
	if n.Kind != yaml.MappingNode || len(n.Content) < 64 {
		return child(n, step)
	}
	keys, ok := d.index[n]
	if !ok {
		keys = map[string]int{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			keys[n.Content[i].Value] = i
		}
		d.index[n] = keys
	}
	if i, ok := keys[step]; ok {
		return n.Content[i], n.Content[i+1]
	}
	return nil, nil
}

// child returns the key node and value node of one step below n, or nils.
func child(n *yaml.Node, step string) (key, value *yaml.Node) {
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
