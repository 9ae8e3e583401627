// Package pass rewrites graphs: each pass is one file and makes a new graph that computes the same bits with less work.
// A pass says which others run before it; each can be switched off by name.
package pass

import (
	"fmt"
	"slices"

	"dnn/internal/registry"
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

// Pass is one rewrite. It may rely on lower having run: it need not know ops that only stand for several simpler ones.
type Pass struct {
	Name string // the key under which it is registered
	Doc  string // its summary
	Run  func(g *graph.Graph) (*graph.Graph, error)
	// After lists the passes that must run before this one.
	After []string
	// Always marks what a graph cannot be run without; it cannot be switched off.
	Always bool
	// Last marks the pass that runs after all others.
	Last bool
}

// Registry holds the passes, one per file.
var Registry = registry.New[Pass]("pass")

// Table lists all passes in the order they run: each after those that it names, else by name.
func Table() []Pass {
	var table, waiting []Pass
	for _, k := range Registry.Kinds() {
		p := k.Value
		p.Name, p.Doc = k.Key, k.Summary
		waiting = append(waiting, p)
	}
	for len(waiting) > 0 {
		i := slices.IndexFunc(waiting, func(p Pass) bool { return ready(p, waiting) })
		if i < 0 {
			panic(fmt.Sprintf("pass: %s waits for passes that wait for it", waiting[0].Name))
		}
		table = append(table, waiting[i])
		waiting = slices.Delete(waiting, i, i+1)
	}
	return table
}

// ready reports whether p waits for none of the passes in waiting.
func ready(p Pass, waiting []Pass) bool {
	if p.Last {
		return len(waiting) == 1
	}
	return !slices.ContainsFunc(waiting, func(other Pass) bool { return slices.Contains(p.After, other.Name) })
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

// Check returns an error unless name is that of a pass that can be switched off, today or in an earlier version.
func Check(name string) error {
	if !slices.Contains(Names(), Registry.Current(name)) {
		return fmt.Errorf("no such pass can be switched off%s", spec.DidYouMean(name, Names()))
	}
	return nil
}

// Run sends g through every pass but those switched off by name.
func Run(g *graph.Graph, off []string) (*graph.Graph, error) {
	skip := map[string]bool{}
	for _, name := range off {
		if err := Check(name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		skip[Registry.Current(name)] = true
	}
	for _, p := range Table() {
		if skip[p.Name] {
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
