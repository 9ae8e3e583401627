// Package pruning chooses which weights of a net become zero: the smallest by magnitude. Its functions are pure, so that a
// training and a pruning of a finished model share them.
package pruning

import (
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// Settings say how many weights become zero, and of which layers.
type Settings struct {
	Sparsity float64  `default:"0" range:"[0,1]" doc:"share of the weights that become zero: those of the smallest magnitude; not with pattern"`
	Scope    string   `default:"global" oneof:"global|layer" doc:"global: the smallest of all layers together, so that layers keep different shares; layer: the same share of each matrix of weights"`
	Pattern  Pattern  `doc:"n:m, such as \"2:4\": of m weights that follow one another in a row of a matrix (one output's weights), the n largest stay. It takes the place of sparsity and scope (default: none)"`
	Layers   []string `default:"[]" doc:"names of layers that are pruned, as dnn summary lists them, or patterns such as \"encoder*\"; a block stands for all within it (default: all that have weights; embeddings only where they are named)"`
	Exclude  []string `default:"[]" doc:"names or patterns of layers that keep all weights, such as the last one"`
}

// CheckSpec asks for either a sparsity or a pattern, and for one that leaves something.
func (s *Settings) CheckSpec(path string, p *spec.Problems) {
	for i, pattern := range s.Layers {
		if strings.HasPrefix(pattern, "!") {
			p.Add(fmt.Sprintf("%s.layers[%d]", path, i), "names a layer that keeps its weights: list it under exclude, as %q", pattern[1:])
		}
	}
	switch {
	case p.Under(path):
	case s.Sparsity == 1:
		p.Add(path+".sparsity", "1 prunes all weights away, and nothing is left to compute with; take less, for example 0.9")
	case (s.Sparsity > 0) == (s.Pattern.M > 0):
		p.Add(path, "expects either sparsity or pattern, for example {sparsity: 0.9}")
	}
}

// tables are the roles of embeddings, of which a row is read as a whole: pruned only where the layer is named.
var tables = []string{"table", "positions"}

// Takes reports whether a parameter is pruned: matrices of weights and filters are, biases and norms never.
func (s *Settings) Takes(p graph.Param) bool {
	matches := func(pattern string) bool { return layers.Matches(pattern, p.Layer) }
	switch {
	case p.Shape.Rank() < 2 || slices.ContainsFunc(s.Exclude, matches):
		return false
	case len(s.Layers) > 0:
		return slices.ContainsFunc(s.Layers, matches)
	}
	return !slices.Contains(tables, p.Role[strings.LastIndexByte(p.Role, '.')+1:])
}

// Emptied lists the parameters of which nothing would be left because they are small: only a share of each matrix does that.
func (s *Settings) Emptied(params []graph.Param) (list []graph.Param) {
	for _, p := range params {
		if s.Scope == "layer" && s.Pattern.M == 0 && s.Takes(p) && count(s.Sparsity, p.Shape.Size()) == p.Shape.Size() {
			list = append(list, p)
		}
	}
	return list
}
