package spec

import (
	"strconv"

	"gopkg.in/yaml.v3"
)

// Leaf is a plain value of a spec, or an empty list or mapping, at its path (layers.0.units).
type Leaf struct {
	Path, Text string
}

// Leaves lists the plain values in the order in which the file has them.
func (d *Document) Leaves() []Leaf { return leaves(nil, d.root, "") }

func leaves(list []Leaf, n *yaml.Node, path string) []Leaf {
	switch {
	case n.Kind == yaml.MappingNode && len(n.Content) > 0:
		for i := 0; i+1 < len(n.Content); i += 2 {
			list = leaves(list, n.Content[i+1], join(path, n.Content[i].Value))
		}
	case n.Kind == yaml.SequenceNode && len(n.Content) > 0:
		for i, c := range n.Content {
			list = leaves(list, c, join(path, strconv.Itoa(i)))
		}
	case n.Kind == yaml.MappingNode:
		list = append(list, Leaf{path, "{}"})
	case n.Kind == yaml.SequenceNode:
		list = append(list, Leaf{path, "[]"})
	default:
		list = append(list, Leaf{path, n.Value})
	}
	return list
}
