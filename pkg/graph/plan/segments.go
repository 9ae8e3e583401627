package plan

import (
	"slices"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/pass"
)

// Segmenting finds out which parts of a training step are worth computing again, by planning steps.
type Segmenting struct {
	step   *graph.Graph // optimized, with nothing computed again
	pieces []piece      // in the order of the forward pass
}

// piece is a layer or block, or one repetition of it, with its units.
type piece struct {
	name  string
	units []pass.Unit
	kept  int
}

// Segments are a choice, and the memory in bytes that a step takes with it.
type Segments struct {
	Numbers map[string]int // by unit
	Need    int
}

// largeShare is the part of what is kept, one in so many, beyond which a block is no piece: what is within it are.
const largeShare = 4

// NewSegmenting looks at a step; units of those scopes are never computed again.
func NewSegmenting(step *graph.Graph, except ...string) *Segmenting {
	c, total := &Segmenting{step: step}, 0
	units := slices.DeleteFunc(pass.Units(step), func(u pass.Unit) bool { return slices.Contains(except, u.Name) })
	for _, u := range units {
		total += u.Kept
	}
	var add func(units []pass.Unit, depth int)
	add = func(units []pass.Unit, depth int) {
		for _, p := range piecesOf(units, depth) {
			if inner := strings.Count(p.name, ".") + 2; p.kept*largeShare > total && len(piecesOf(p.units, inner)) > 1 {
				add(p.units, inner)
			} else {
				c.pieces = append(c.pieces, p)
			}
		}
	}
	add(units, 1)
	return c
}

// piecesOf joins the units whose names begin with the same parts.
func piecesOf(units []pass.Unit, depth int) (list []piece) {
	at := map[string]int{}
	for _, u := range units {
		name := graph.Piece(u.Name, depth)
		if _, ok := at[name]; !ok {
			at[name] = len(list)
			list = append(list, piece{name: name})
		}
		p := &list[at[name]]
		p.units, p.kept = append(p.units, u), p.kept+u.Kept
	}
	return list
}

// Choose takes the segments with the smallest plan, without the segments that are not needed to stay within as much, or within a
// budget in bytes, where it is larger. The last segments are the first to be left out: the backward pass begins with them.
func (c *Segmenting) Choose(budget int) (Segments, error) {
	best, err := c.plan(nil)
	if err != nil || best.Need <= budget {
		return best, err
	}
	var parts [][]string
	for _, k := range counts(len(c.pieces)) {
		cut := c.cut(k)
		made, err := c.plan(cut)
		if err != nil {
			return best, err
		}
		if made.Need < best.Need {
			best, parts = made, cut
		}
	}
	limit := max(budget, best.Need)
	for few, many := 0, len(parts); few < many; {
		middle := (few + many) / 2
		made, err := c.plan(parts[:middle])
		if err != nil {
			return best, err
		}
		if made.Need <= limit {
			best, many = made, middle
		} else {
			few = middle + 1
		}
	}
	return best, nil
}

// counts are the numbers of segments to try of n pieces: about √n is best where all are alike and keep no more than they give to the
// next, and n where they keep much more.
func counts(n int) (list []int) {
	for k := 1; k < n; k = max(k+1, k*5/4) {
		list = append(list, k)
	}
	return append(list, n)
}

// cut joins the pieces to k segments at most that keep about as much each.
func (c *Segmenting) cut(k int) (parts [][]string) {
	total, before, last := 0, 0, -1
	for _, p := range c.pieces {
		total += p.kept
	}
	for i, p := range c.pieces {
		at := i
		if k < len(c.pieces) {
			at = int(float64(k) * (float64(before) + float64(p.kept)/2) / float64(max(1, total)))
		}
		if at != last {
			parts, last = append(parts, nil), at
		}
		for _, u := range p.units {
			parts[len(parts)-1] = append(parts[len(parts)-1], u.Name)
		}
		before += p.kept
	}
	return parts
}

// plan plans the step with these segments.
func (c *Segmenting) plan(parts [][]string) (Segments, error) {
	segments := map[string]int{}
	for i, units := range parts {
		for _, u := range units {
			segments[u] = i + 1
		}
	}
	g, err := pass.Recomputed(c.step, segments)
	if err != nil {
		return Segments{}, err
	}
	p, err := Make(g, Options{})
	if err != nil {
		return Segments{}, err
	}
	return Segments{segments, p.Memory().Total()}, nil
}
