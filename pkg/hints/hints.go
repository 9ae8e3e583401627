// Package hints lets layers of a net learn to put out what layers of a larger one do, its teacher (train.distill.match).
package hints

import (
	"fmt"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// Match is a layer of the net that learns to put out what a layer of its teacher does. It adds to the loss of a row
//
//	weight·mean((P·x + c - y)²)
//
// with x the values of the layer at each step or place, y those of the teacher's, the mean over all of them but padding. P and c are
// learned with the net, and belong to its training alone; where both layers have the same width, they are left out.
//
// Source: Romero et al. 2015, "FitNets: Hints for thin deep nets", eq. 3.
type Match struct {
	Layer   string  `required:"true" doc:"layer of the net, by its name as dnn summary lists it"`
	Teacher string  `required:"true" doc:"layer of the teacher, by its name as dnn summary lists it"`
	Weight  float64 `default:"1" range:"(0,1000000]" doc:"weight of the mean square error between both, which is added to the loss"`
	Width   int     `default:"0" range:"[0,100000000]" doc:"numbers along the last axis of the teacher's layer, which its file tells; a training that is resumed finds it here"`
}

// Matches are those of a training.
type Matches []Match

// UnmarshalSpec reads a list, or a mapping from the names of layers to those of the teacher's.
func (l *Matches) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if !n.IsMapping() {
		n.Into((*[]Match)(l), p)
		return
	}
	if n.Get("layer") != nil && n.Get("teacher") != nil {
		one := make([]Match, 1)
		n.Into(&one[0], p)
		*l = one
		return
	}
	var names map[string]string
	n.Into(&names, p)
	for layer, teacher := range names {
		*l = append(*l, Match{Layer: layer, Teacher: teacher, Weight: 1})
	}
	slices.SortFunc(*l, func(a, b Match) int { return strings.Compare(a.Layer, b.Layer) })
}

// MarshalSpec writes them as a list.
func (l Matches) MarshalSpec() any {
	if len(l) == 0 {
		return nil
	}
	return []Match(l)
}

// DescribeSpec says what it takes.
func (Matches) DescribeSpec() string { return "mapping from layers to layers of the teacher | list" }

// Layer is the layer of that name.
func Layer(infos []layers.Info, name string) (*layers.Info, bool) {
	i := slices.IndexFunc(infos, func(l layers.Info) bool { return l.Name == name })
	if i < 0 {
		return nil, false
	}
	return &infos[i], true
}

// Check notes layers that cannot learn from each other, and returns the matches with the widths of the teacher's. own and teacher are what
// the layers of both nets put out for one row. same reports whether two values that tell how many steps rows have are equal for all rows.
func Check(own, teacher []layers.Info, list Matches, same func(a, b *graph.Value) bool, path string, p *spec.Problems) Matches {
	list = slices.Clone(list)
	for i := range list {
		m := &list[i]
		at := fmt.Sprintf("%s[%d]", path, i)
		if first := slices.IndexFunc(list[:i], func(x Match) bool { return x.Layer == m.Layer && x.Teacher == m.Teacher }); first >= 0 {
			p.Add(at, "is the pair of %s[%d] again; give that a larger weight", path, first)
			continue
		}
		x := find(own, m.Layer, "this net", at+".layer", p)
		y := find(teacher, m.Teacher, "the teacher", at+".teacher", p)
		if x == nil || y == nil {
			continue
		}
		if why := unlike(x, y, same); why != "" {
			p.Add(at, "%s of this net cannot learn from %s of the teacher: %s", m.Layer, m.Teacher, why)
			continue
		}
		if width := y.Shape().Last(); m.Width == 0 || m.Width == width {
			m.Width = width
		} else {
			p.Add(at+".width", "is %d, and the last axis of %s of the teacher has %d; leave width out", m.Width, m.Teacher, width)
		}
	}
	return list
}

// find is what a layer puts out, nil where there is none of that name.
func find(infos []layers.Info, name, whose, path string, p *spec.Problems) *layers.Signal {
	if at, ok := Layer(infos, name); ok {
		return &at.Signal
	}
	var names []string
	for i := range infos {
		names = append(names, infos[i].Name)
	}
	p.Add(path, "no layer of %s is called %q%s; its layers are: %s", whose, name, p.DidYouMean(name, func() []string { return names }), phrase.List(names))
	return nil
}

// unlike says why the values of x cannot be compared with those of y, place by place.
func unlike(x, y *layers.Signal, same func(a, b *graph.Value) bool) string {
	a, b := x.Shape(), y.Shape()
	switch {
	case x.Value.DType != graph.F32 || y.Value.DType != graph.F32:
		return "one of both puts out whole numbers"
	case len(a) == 0 || len(a) != len(b) || !a[:len(a)-1].Equal(b[:len(b)-1]):
		return fmt.Sprintf("for a row, one puts out %v and the other %v, which may differ in the last axis alone", a, b)
	case (x.Lengths == nil) != (y.Lengths == nil) || x.Lengths != nil && !same(x.Lengths, y.Lengths):
		return "both put out sequences, and rows have other lengths in the one than in the other"
	}
	return ""
}
