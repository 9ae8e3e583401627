package model

import (
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/plan"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// Rows that are scored or predicted may have more steps than any row of the training split, if nobody asked for a limit and the
// net takes them: recurrent layers, convolutions and what is done step by step do, a dense layer behind flatten does not. What
// decides is the net itself, built for longer rows: it takes them if it has the same parameters and puts out the same.

const (
	// MaxRowFloats is how much memory the values of one row may take, in numbers: 1 GiB. A row of a million steps must not
	// take the machine's memory, and which steps a net sees must not depend on the machine.
	MaxRowFloats = 1 << 28
	// longestSteps is the most steps of a row in any case.
	longestSteps = 1 << 20
)

// longest is how many steps a row can have in a block, which is number `at` of the sequences, and what limits it. usual is the
// net for the rows of the training split.
func (n *Network) longest(block, at int, usual *probed) (steps int, why string) {
	const most = "a row has no more in any case"
	trained := n.Schema.Blocks[block].Shape[0]
	near, far := n.Schema.Bucket(block, trained+1), n.Schema.Bucket(block, 8*trained+64)
	for _, steps := range []int{near, far} {
		if why := usual.differs(n.probe(oneRow(at, steps))); why != "" {
			return trained, why
		}
	}
	if n.Config.Train.Stateful { // the net sees a chunk at a time
		return longestSteps, most
	}
	first, second := n.floats(oneRow(at, near)), n.floats(oneRow(at, far))
	each := max(1, (second-first)/(far-near))
	steps = max(trained, min(longestSteps, near+max(0, MaxRowFloats-first)/each))
	if steps == longestSteps {
		return steps, most
	}
	return steps, fmt.Sprintf("the net needs %s of memory for each step, and a row gets %d MB", bytesOf(4*each), 4*MaxRowFloats>>20)
}

// bytesOf writes a number of bytes.
func bytesOf(n int) string {
	if n < 10_000 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%d kB", n/1000)
}

// probed is what a net is like when it is built for a batch shape.
type probed struct {
	outs   []graph.Shape // of the heads
	params []graph.Param
	vars   []*graph.Var // that hold no parameters
	infos  []layers.Info
	p      spec.Problems
	misfit error
}

// probe builds the net.
func (n *Network) probe(e BatchShape) *probed {
	b, r := graph.NewBuilder(), &probed{}
	outs, infos := n.forward(b, e, false, &r.p)
	if r.infos = infos; r.p.Len() > 0 {
		return r
	}
	r.misfit = n.misfit(outs, e)
	for k, out := range outs {
		shape := out.Value.Shape
		if n.Heads[k].Sequence() {
			shape = graph.Shape{shape.Last()}
		}
		r.outs = append(r.outs, shape)
	}
	for _, v := range b.Vars() {
		if len(v.Params) > 0 {
			r.params = append(r.params, v.Params...)
		} else {
			r.vars = append(r.vars, v)
		}
	}
	return r
}

// differs says what keeps the net from taking longer rows; "" if nothing does.
func (r *probed) differs(longer *probed) string {
	if longer.p.Len() > 0 {
		first := longer.p.First()
		return fmt.Sprintf("%s: %s", first.Path, first.Message())
	}
	for i, q := range longer.params {
		if i >= len(r.params) || !q.Shape.Equal(r.params[i].Shape) {
			return r.one(q.Layer, q.Role)
		}
	}
	for i, v := range longer.vars {
		if i >= len(r.vars) || v.Name != r.vars[i].Name || !v.Value.Shape.Equal(r.vars[i].Value.Shape) {
			dot := max(0, strings.LastIndex(v.Name, "."))
			return r.one(v.Name[:dot], strings.TrimPrefix(v.Name[dot:], "."))
		}
	}
	switch {
	case longer.misfit != nil:
		return longer.misfit.Error()
	case len(longer.vars) != len(r.vars), len(longer.params) != len(r.params), !slices.EqualFunc(longer.outs, r.outs, graph.Shape.Equal):
		return "what the net gives has another shape for longer sequences"
	}
	return ""
}

// one says of a layer that a parameter of it belongs to sequences of one length.
func (r *probed) one(layer, role string) string {
	for _, in := range r.infos {
		if in.Name == layer && layer != "" {
			layer = fmt.Sprintf("%s (%s)", in.Path, in.Kind)
		}
	}
	return fmt.Sprintf("%s takes sequences of one length alone: its %s would have another shape for others", layer, role)
}

// floats is how many numbers the values of a batch take in memory.
func (n *Network) floats(e BatchShape) int {
	g, err := n.PredictGraph(e)
	if err != nil {
		return MaxRowFloats
	}
	return FloatsOf(g)
}

// FloatsOf is how many numbers the values of a graph take in memory.
func FloatsOf(g *graph.Graph) int {
	pl, err := plan.Make(g, plan.Options{})
	if err != nil {
		return MaxRowFloats
	}
	size := pl.Floats + pl.Ints
	for _, node := range g.Nodes {
		if node.Leaf == graph.Input {
			size += node.Outputs[0].Shape.Size()
		}
	}
	return size
}

// LengthNotes says of each sequence what becomes of rows longer than those of the training split.
func (n *Network) LengthNotes() (notes []string) {
	for i := range n.Schema.Blocks {
		if b := &n.Schema.Blocks[i]; b.Sequence {
			trained, most, why := n.Schema.Longest(i)
			upTo, others, refused := "up to ", "longer", ""
			if n.Schema.Even(i) {
				upTo, others, refused = "", "shorter and longer", ", and shorter ones refused"
			}
			if most > trained {
				notes = append(notes, fmt.Sprintf("%s: rows of %s%d steps; %s ones are scored and predicted too, up to %d steps", b.Name, upTo, trained, others, most))
			} else {
				notes = append(notes, fmt.Sprintf("%s: rows of %s%d steps; longer ones are cut to that%s: %s", b.Name, upTo, trained, refused, why))
			}
		}
	}
	return notes
}

// noteCut tells which parts have rows that are cut because the net takes no more.
func (j *Job) noteCut() {
	for _, name := range []string{"validation", "test"} {
		if part := j.Data.Part(name); part != nil {
			if c := part.Cut(); c.Rows > 0 {
				j.Data.Notes.Add("dataset", "%s: rows with more than %d steps in %s, cut to that: %d (%s)", name, c.Steps, c.Column, c.Rows, c.Why)
			}
		}
	}
}
