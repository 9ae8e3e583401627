package main

import (
	"slices"

	"github.com/mmcloughlin/avo/ir"
)

// Marks in the instructions: between strand marks stands the same computation on
// different vectors.
const (
	strandMark = "strand"
	endMark    = "end of strands"
)

// strands emits n independent computations, to be interleaved instruction by
// instruction: one alone would wait for itself, and a processor does not look far
// enough ahead to find the next.
func (a *asm) strands(n int, body func(u int)) {
	for u := range n {
		if n > 1 {
			a.Comment(strandMark)
		}
		body(u)
	}
	if n > 1 {
		a.Comment(endMark)
	}
}

// weave interleaves the strands of a file.
func weave(f *ir.File) {
	for _, fn := range f.Functions() {
		var out []ir.Node
		var strands [][]ir.Node
		for _, n := range fn.Nodes {
			switch {
			case isMark(n, strandMark):
				strands = append(strands, nil)
			case isMark(n, endMark):
				out = append(out, interleave(strands)...)
				strands = nil
			case len(strands) > 0:
				last := len(strands) - 1
				strands[last] = append(strands[last], n)
			default:
				out = append(out, n)
			}
		}
		fn.Nodes = out
	}
}

func isMark(n ir.Node, text string) bool {
	c, ok := n.(*ir.Comment)
	return ok && slices.Equal(c.Lines, []string{text})
}

// interleave takes one node of every strand in turn.
func interleave(strands [][]ir.Node) []ir.Node {
	var out []ir.Node
	for i := 0; ; i++ {
		before := len(out)
		for _, s := range strands {
			if i < len(s) {
				out = append(out, s[i])
			}
		}
		if len(out) == before {
			return out
		}
	}
}
