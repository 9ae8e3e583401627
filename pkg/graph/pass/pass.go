// Package pass rewrites graphs: each pass is one file and makes a new graph that computes the same bits with less work.
// All stand in one ordered table, and each can be switched off by name.
package pass

import (
	"fmt"
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

// Pass is one rewrite.
type Pass struct {
	Name string
	Doc  string
	Run  func(g *graph.Graph) (*graph.Graph, error)
	// Always marks what a graph cannot be run without; it cannot be switched off.
	Always bool
}

// Table lists all passes in the order they run.
func Table() []Pass {
	return []Pass{
		lower, // before all others: they need not know ops that only stand for several simpler ones
		fold,
		simplify,         // after fold: whole identities show only in computed constants
		share,            // after both, which make equal nodes
		fuseCrossEntropy, // after simplify, which turns the gradient's chain into a form that is easily told
		fuseDense,        // after share, so that a sum that two layers share is seen to have two readers
		fuseConv,         // likewise
		fuseGradient,     // before the elementwise chains, which would take the activation's gradient in
		fuseNorm,         // before the elementwise chains, which would take the relu and its gradient in
		fuseElementwise,  // after the others, which know better what to do with an op
		shareConsts,      // after everything that makes constants
		drop,             // last: the others leave behind what nothing reads any more
	}
}

// Names lists the passes that can be switched off.
func Names() []string {
	var names []string
	for _, p := range Table() {
		if !p.Always {
			names = append(names, p.Name)
		}
	}
	return names
}

// Run sends g through every pass but those switched off by name.
func Run(g *graph.Graph, off []string) (*graph.Graph, error) {
	for _, name := range off {
		if !slices.Contains(Names(), name) {
			return nil, fmt.Errorf("no pass is called %q%s", name, spec.DidYouMean(name, Names()))
		}
	}
	for _, p := range Table() {
		if slices.Contains(off, p.Name) {
			continue
		}
		next, err := p.Run(g)
		if err == nil {
			err = next.Verify()
		}
		if err != nil {
			return nil, fmt.Errorf("pass %s: %w", p.Name, err)
		}
		g = next
	}
	return g, nil
}
