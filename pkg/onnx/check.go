package onnx

import (
	"container/heap"
	"errors"
	"fmt"

	"dnn/internal/phrase"
)

// check sees that names of values are given once and known where they are read. It moves nodes behind those that they read.
func (m *Model) check() error {
	if m.Opset() == 0 && len(m.Graph.Nodes) > 0 && len(m.Opsets) == 0 {
		return errors.New("does not say which version of the operators it is written for (opset_import)")
	}
	if err := m.Graph.check(nil); err != nil {
		return err
	}
	for _, f := range m.Functions {
		s := &scope{given: map[string]int{}}
		err := s.add(outside, f.Inputs...)
		if err == nil {
			f.Nodes, err = s.order(f.Nodes)
		}
		if err == nil {
			err = s.has(f.Outputs)
		}
		if err != nil {
			return fmt.Errorf("function %s: %w", phrase.Quote(f.Name), err)
		}
	}
	return nil
}

// outside is the place of values that no node gives.
const outside = -1

// scope has the names of a graph's values and the nodes that give them; those of graphs around it are known, too.
type scope struct {
	given map[string]int
	outer *scope
}

func (s *scope) add(node int, names ...string) error {
	for _, name := range names {
		if name == "" {
			continue
		}
		if _, twice := s.given[name]; twice {
			return fmt.Errorf("value %s is given twice", phrase.Quote(name))
		}
		s.given[name] = node
	}
	return nil
}

func (s *scope) knows(name string) bool {
	for ; s != nil; s = s.outer {
		if _, ok := s.given[name]; ok {
			return true
		}
	}
	return name == ""
}

// has checks that values that are given on are known.
func (s *scope) has(names []string) error {
	for _, name := range names {
		if name == "" || !s.knows(name) {
			return fmt.Errorf("output %s is not computed", phrase.Quote(name))
		}
	}
	return nil
}

// check checks a graph within others.
func (g *Graph) check(outer *scope) error {
	s := &scope{given: map[string]int{}, outer: outer}
	inputs := map[string]bool{}
	for _, v := range g.Inputs {
		inputs[v.Name] = true
		if err := s.add(outside, v.Name); err != nil {
			return err
		}
	}
	for _, t := range g.Initializers {
		if inputs[t.Name] { // an input with a default
			delete(inputs, t.Name)
			continue
		}
		if err := s.add(outside, t.Name); err != nil {
			return err
		}
	}
	nodes, err := s.order(g.Nodes)
	if err != nil {
		return err
	}
	g.Nodes = nodes
	for _, v := range g.Outputs {
		if err := s.has([]string{v.Name}); err != nil {
			return err
		}
	}
	return nil
}

// order puts nodes behind those that they read, and leaves them where they are otherwise.
func (s *scope) order(nodes []*Node) ([]*Node, error) {
	for i, n := range nodes {
		if err := s.add(i, n.Outputs...); err != nil {
			return nil, fmt.Errorf("node %d%s: %w", i, n.label(), err)
		}
	}
	waits := make([]int, len(nodes))     // how many values of other nodes a node waits for
	readers := make([][]int, len(nodes)) // who waits for a node
	for i, n := range nodes {
		reads, err := s.reads(n)
		if err != nil {
			return nil, fmt.Errorf("node %d%s: %w", i, n.label(), err)
		}
		for _, name := range reads {
			if from, ok := s.given[name]; ok && from != outside {
				waits[i]++
				readers[from] = append(readers[from], i)
			}
		}
	}
	ready := &places{}
	for i := range nodes {
		if waits[i] == 0 {
			*ready = append(*ready, i)
		}
	}
	var sorted []*Node
	for ready.Len() > 0 {
		i := heap.Pop(ready).(int)
		sorted = append(sorted, nodes[i])
		for _, r := range readers[i] {
			if waits[r]--; waits[r] == 0 {
				heap.Push(ready, r)
			}
		}
	}
	for i, n := range nodes {
		if waits[i] > 0 {
			return nil, fmt.Errorf("node %d%s: cannot run before itself, or follows nodes that cannot (a cycle)", i, n.label())
		}
	}
	return sorted, nil
}

// reads are the values that a node reads, with those that its subgraphs read from outside. It checks the subgraphs.
func (s *scope) reads(n *Node) ([]string, error) {
	for _, name := range n.Inputs {
		if !s.knows(name) {
			return nil, fmt.Errorf("reads %s, which is not computed", phrase.Quote(name))
		}
	}
	names := append([]string(nil), n.Inputs...)
	for _, g := range n.subgraphs() {
		if err := g.check(s); err != nil {
			return nil, fmt.Errorf("subgraph: %w", err)
		}
		names = append(names, g.captured()...)
	}
	return names, nil
}

// subgraphs are the graphs among the attributes of a node.
func (n *Node) subgraphs() (list []*Graph) {
	for _, a := range n.Attributes {
		switch v := a.Value.(type) {
		case *Graph:
			list = append(list, v)
		case []*Graph:
			list = append(list, v...)
		}
	}
	return list
}

// captured are the values that a graph reads and does not give itself.
func (g *Graph) captured() (names []string) {
	own := map[string]bool{}
	for _, v := range g.Inputs {
		own[v.Name] = true
	}
	for _, t := range g.Initializers {
		own[t.Name] = true
	}
	var read []string
	for _, n := range g.Nodes {
		read = append(read, n.Inputs...)
		for _, sub := range n.subgraphs() {
			read = append(read, sub.captured()...)
		}
		for _, name := range n.Outputs {
			own[name] = true
		}
	}
	for _, v := range g.Outputs {
		read = append(read, v.Name)
	}
	for _, name := range read {
		if !own[name] {
			names = append(names, name)
		}
	}
	return names
}

// places is a heap of nodes by their places in the file.
type places []int

func (p places) Len() int           { return len(p) }
func (p places) Less(i, j int) bool { return p[i] < p[j] }
func (p places) Swap(i, j int)      { p[i], p[j] = p[j], p[i] }
func (p *places) Push(x any)        { *p = append(*p, x.(int)) }
func (p *places) Pop() any {
	old := *p
	x := old[len(old)-1]
	*p = old[:len(old)-1]
	return x
}
