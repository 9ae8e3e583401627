// Package ctc reads labels from what a net says at each step, where the loss was that of connectionist temporal
// classification: class 0 is the blank, which writes nothing, and a class at several steps in a row writes one label.
//
// Probabilities are computed in float64 with functions that are alike on every machine, so labels are, too.
package ctc

import (
	"math"
	"slices"

	"dnn/internal/exact"
)

// Labels is what the steps of a row may say.
type Labels struct {
	Classes []int32 // without blanks and repetitions
	// LogProbability is the logarithm of the probability of the ways to spread the classes over the steps: of the best one by
	// Greedy, of all that were followed by Beam.
	LogProbability float64
}

// Greedy takes the most probable class of each step, the first one among equals. x holds the logarithms of the classes'
// probabilities [steps, classes].
func Greedy(x []float32, classes int) (best Labels) {
	last := 0
	for ; len(x) >= classes; x = x[classes:] {
		class := 0
		for k, v := range x[:classes] {
			if v > x[class] {
				class = k
			}
		}
		if class != 0 && class != last {
			best.Classes = append(best.Classes, int32(class))
		}
		last = class
		best.LogProbability += float64(x[class])
	}
	return best
}

// Beam searches for the most probable labels, over all ways to spread them over the steps (Graves et al. 2006, prefix search;
// Hannun et al. 2014, algorithm 1). After each step it follows the width most probable beginnings, all ways to one of them
// together. It returns those at the end, the most probable first. x is that of Greedy.
func Beam(x []float32, classes, width int) []Labels {
	s := search{classes: classes, width: max(1, width), nodes: []edge{root}, known: map[edge]int{root: 0}, slot: map[edge]int{}}
	s.beams = []beam{{edge: root, blank: 1}}
	for ; len(x) >= classes; x = x[classes:] {
		s.step(x[:classes])
	}
	list := make([]Labels, len(s.beams))
	for i, b := range s.beams {
		list[i] = Labels{s.labels(b.node), exact.Log(b.total()) + s.scale}
	}
	return list
}

// search is a beam search of one row. Beginnings that were followed are the nodes of a tree.
type search struct {
	classes, width int
	nodes          []edge // that leads to each
	known          map[edge]int
	beams, next    []beam
	slot           map[edge]int // in next
	p              []float64    // of the classes at this step
	scale          float64      // the logarithm of what all probabilities are to be multiplied by
}

// edge is a beginning by the node of what comes before its last label.
type edge struct {
	parent int
	class  int32
}

// root is the beginning without labels.
var root = edge{parent: -1}

// beam is a beginning with the probability of all ways to it, by whether they end in a blank or in its last label.
type beam struct {
	edge
	node         int // once it is followed
	blank, label float64
}

func (b beam) total() float64 { return b.blank + b.label }

// step goes on with the probabilities of one step.
func (s *search) step(x []float32) {
	s.probabilities(x)
	s.next = s.next[:0]
	clear(s.slot)
	for _, b := range s.beams {
		stay := s.at(b.edge)
		stay.blank += float64(b.total() * s.p[0])
		if b.class != 0 {
			stay.label += float64(b.label * s.p[b.class])
		}
		for class := int32(1); int(class) < s.classes; class++ {
			from := b.total()
			if class == b.class { // there must be a blank between equal labels
				from = b.blank
			}
			if from == 0 || s.p[class] == 0 {
				continue
			}
			s.at(edge{b.node, class}).label += float64(from * s.p[class])
		}
	}
	slices.SortStableFunc(s.next, func(a, b beam) int {
		switch d := b.total() - a.total(); {
		case d > 0:
			return 1
		case d < 0:
			return -1
		}
		return 0
	})
	s.next = s.next[:min(len(s.next), s.width)]
	s.beams, s.next = s.next, s.beams
	s.follow()
	s.rescale()
}

// probabilities sets p to those of a step, divided by the largest.
func (s *search) probabilities(x []float32) {
	top := float64(slices.Max(x))
	if math.IsInf(top, -1) { // no class is possible
		top = 0
	}
	s.p = s.p[:0]
	for _, v := range x {
		s.p = append(s.p, exact.Exp(float64(v)-top))
	}
	s.scale += top
}

// rescale divides all probabilities by a power of two, so that the best stays near 1.
func (s *search) rescale() {
	_, exponent := math.Frexp(s.beams[0].total())
	for i := range s.beams {
		b := &s.beams[i]
		b.blank, b.label = math.Ldexp(b.blank, -exponent), math.Ldexp(b.label, -exponent)
	}
	s.scale += float64(float64(exponent) * math.Ln2)
}

// follow gives each beam its node, a new one where it had none.
func (s *search) follow() {
	for i := range s.beams {
		b := &s.beams[i]
		n, ok := s.known[b.edge]
		if !ok {
			n = len(s.nodes)
			s.nodes, s.known[b.edge] = append(s.nodes, b.edge), n
		}
		b.node = n
	}
}

// at is the beam of a beginning after this step, a new one where there is none.
func (s *search) at(e edge) *beam {
	i, ok := s.slot[e]
	if !ok {
		i = len(s.next)
		s.slot[e] = i
		s.next = append(s.next, beam{edge: e})
	}
	return &s.next[i]
}

// labels are those on the way to a node.
func (s *search) labels(node int) (list []int32) {
	for ; s.nodes[node].parent >= 0; node = s.nodes[node].parent {
		list = append(list, s.nodes[node].class)
	}
	slices.Reverse(list)
	return list
}
