package layers

import (
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

// Recompute says what is computed again for the backward pass: what the net finds out to be best, or the values in layers.
type Recompute struct {
	Auto   bool
	Layers Freezing
}

// AutoWord leaves the choice of layers to the program.
const AutoWord = "auto"

// UnmarshalSpec reads the word auto, or a list of patterns.
func (c *Recompute) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	*c = Recompute{}
	if word, ok := n.Scalar(); ok && word == AutoWord {
		c.Auto = true
		return
	}
	n.Into(&c.Layers, p)
}

// MarshalSpec writes it as it was given.
func (c Recompute) MarshalSpec() any {
	if c.Auto {
		return AutoWord
	}
	return []string(c.Layers)
}

// DescribeSpec says what it is.
func (Recompute) DescribeSpec() string { return "auto | list of names" }

// Segments numbers the segments that the patterns make of the units of a step. A layer or block that one matches is a segment; of a
// repeat, and of layers with several blocks, each repetition or block is one. Single layers that follow one another are one, since
// nothing within them would be left to compute.
func (c *Recompute) Segments(units []string) map[string]int {
	segments, last, joins, number := map[string]int{}, "", false, map[string]int{}
	for _, unit := range units {
		if !c.Layers.Frozen(unit) {
			last = ""
			continue
		}
		key := c.matched(unit)
		single := !within(units, key)
		switch {
		case number[key] > 0:
		case single && joins && last != "":
			number[key] = number[last]
		default:
			number[key] = largestOf(number) + 1
		}
		segments[unit], last, joins = number[key], key, single
	}
	return segments
}

// matched is the outermost layer around a unit that a pattern matches, down to its repetition.
func (c *Recompute) matched(unit string) string {
	parts := strings.Split(unit, ".")
	for i := range parts {
		if c.Layers.Frozen(strings.Join(parts[:i+1], ".")) {
			return graph.Piece(unit, i+1)
		}
	}
	return unit
}

// within reports whether a name is that of something with units of its own, or of one of several pieces.
func within(units []string, name string) bool {
	parts := strings.Split(name, ".")
	if graph.IsNumber(parts[len(parts)-1]) {
		return true
	}
	for _, unit := range units {
		if strings.HasPrefix(unit, name+".") {
			return true
		}
	}
	return false
}

func largestOf(numbers map[string]int) (n int) {
	for _, k := range numbers {
		n = max(n, k)
	}
	return n
}
