package layers

import (
	"fmt"
	"slices"
)

// Head is one thing that a net predicts. Where a net has several, the layer whose output is for it names it.
type Head struct {
	Name  string // "" where a mistake keeps it from being known
	Sizes Sizes
}

// Headed reports whether a layer of the list says which head its output is for.
func Headed(list []Entry) bool {
	return slices.ContainsFunc(list, func(e Entry) bool { return e.Head != "" })
}

// headed is Headed for the outermost list of the net.
func (s *scope) headed() bool { return s.outer == nil && Headed(s.entries) }

// enterHeads notes heads that there are not, or twice, and counts the output of a layer that has one as taken.
func (s *scope) enterHeads() {
	first := map[string]int{}
	for i := range s.entries {
		name := s.entries[i].Head
		if name == "" {
			continue
		}
		at := fmt.Sprintf("%s[%d].head", s.path, i)
		s.fed[i] = true
		j, taken := first[name]
		switch {
		case s.outer != nil:
			s.net.problems.Add(at, "is for layers that stand in the list of the net itself; the block around it can say it")
		case taken:
			s.net.problems.Add(at, "%q is the head of %s[%d] too; a target has one layer", name, s.path, j)
		case s.headsKnown() && !slices.ContainsFunc(s.net.heads, func(h Head) bool { return h.Name == name }):
			s.net.problems.Add(at, "no target is called %q%s", name, s.net.problems.DidYouMean(name, s.headNames))
		}
		if !taken {
			first[name] = i
		}
	}
	if !s.headed() {
		return
	}
	for _, h := range s.net.heads {
		if _, ok := first[h.Name]; !ok && h.Name != "" && !s.net.problems.Under("layers") {
			s.net.problems.Add("layers", "no layer gives the target %s: say head: %s in the layer whose output is for it", h.Name, h.Name)
		}
	}
}

// headsKnown reports whether the names of all heads are.
func (s *scope) headsKnown() bool {
	return len(s.net.heads) > 0 && !slices.ContainsFunc(s.net.heads, func(h Head) bool { return h.Name == "" })
}

func (s *scope) headNames() (names []string) {
	for _, h := range s.net.heads {
		names = append(names, h.Name)
	}
	return names
}

// headHint adds to the message of an unused layer what else it may be meant for.
func (s *scope) headHint() string {
	if s.headed() {
		return ", or say which target it is for (head: NAME)"
	}
	return ""
}

// outputs are the outputs for the heads: of the layers that name them, else of the last.
func (s *scope) outputs(last Signal) []Signal {
	if len(s.net.heads) == 0 {
		return []Signal{last}
	}
	outs := make([]Signal, len(s.net.heads))
	for k, h := range s.net.heads {
		outs[k] = last
		if !s.headed() {
			continue
		}
		outs[k] = s.standIn(nil)
		if i := slices.IndexFunc(s.entries, func(e Entry) bool { return e.Head == h.Name }); i >= 0 && h.Name != "" && s.done[i] != nil {
			outs[k] = *s.done[i]
		}
	}
	return outs
}

// LayerOf is the place in the list of the layer that gives the output for a head: the last, unless one names it; -1 where
// there is none.
func LayerOf(list []Entry, head string) int {
	if !Headed(list) {
		return len(list) - 1
	}
	return slices.IndexFunc(list, func(e Entry) bool { return e.Head == head })
}
