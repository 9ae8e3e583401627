package spec

import (
	"errors"
	"fmt"
	"strconv"

	"gopkg.in/yaml.v3"
)

// bareTag marks a mapping that an override made of a bare word: its first key is "" until the word's reader says what it is
// short for (Node.Widen).
const bareTag = "!bare"

// override is how a --set is named in messages.
func override(s string) string {
	if r := []rune(s); len(r) > 80 {
		s = string(r[:79]) + "…"
	}
	return "--set " + s
}

// set applies one override.
func (d *Document) set(s string) error {
	steps, text, err := splitPath(s)
	if err != nil {
		return fmt.Errorf("the key is not understood: %v", err)
	}
	if text == "" || len(steps) == 0 {
		return errors.New("want KEY=VALUE, for example train.epochs=5")
	}
	value, err := parseYAML([]byte(text[1:]))
	if err != nil {
		return fmt.Errorf("the value: %s", locate([]byte(text[1:]), err).text)
	}
	if value == nil { // "" is a text, null is nothing
		value = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle}
		if len(text) > 1 {
			value = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
		}
	}
	source := override(s)
	d.mark(value, source)
	d.expand(value)
	node := d.root
	for i, step := range steps {
		slot, err := d.descend(node, step, source)
		if err != nil {
			return err
		}
		if i == len(steps)-1 {
			*slot = value
		}
		node = *slot
	}
	return nil
}

// descend returns the slot for step below n, making it where a mapping has none yet.
func (d *Document) descend(n *yaml.Node, step, source string) (**yaml.Node, error) {
	switch {
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null": // an empty section
		*n = yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: n.Line, Column: n.Column}
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str": // a bare word is short for a kind
		word := *n
		key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Line: n.Line, Column: n.Column}
		*n = yaml.Node{Kind: yaml.MappingNode, Tag: bareTag, Line: n.Line, Column: n.Column, Content: []*yaml.Node{key, &word}}
		if earlier, ok := d.from[n]; ok {
			d.from[&word] = earlier
		} else {
			d.bare[n] = source // if a mapping is wrong here, that is the override's fault
		}
	case n.Kind == yaml.ScalarNode:
		return nil, fmt.Errorf("%s cannot lie below %s, which is a plain value", step, n.Value)
	}
	if n.Kind == yaml.SequenceNode {
		i, err := strconv.Atoi(step)
		if err != nil || i < 0 || i >= len(n.Content) {
			return nil, fmt.Errorf("%s is not an entry of the list, which has %s (they count from 0)", step, count(len(n.Content), "entry"))
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
