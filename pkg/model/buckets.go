package model

import (
	"fmt"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/plan"
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

// buckets asks the net for how many steps batches can be made, and how many rows can have at most. A row may be shorter than
// a window, which then reaches into the padding; and where a layer has a parameter for each step batches are for all.
func (p *probe) buckets() dataset.Buckets {
	schema := p.net.Schema
	own := schema.Buckets()
	at := 0 // among the sequences
	for i := range schema.Blocks {
		if !schema.Blocks[i].Sequence || at == MaxSequences {
			continue
		}
		lengths := own[i].Lengths
		most := lengths[len(lengths)-1]
		var fit []int
		for _, steps := range lengths[:len(lengths)-1] {
			if p.differs(oneRow(at, steps)) == "" {
				fit = append(fit, steps)
			}
		}
		own[i].Lengths = append(fit, most)
		if schema.Unlimited(i) {
			own[i].MaxSteps, own[i].Why = p.longest(i, at)
		}
		at++
	}
	return own
}

// longest is how many steps a row can have in a block, which is number `at` of the sequences, and what limits it.
func (p *probe) longest(block, at int) (steps int, why string) {
	const most = "a row has no more in any case"
	schema := p.net.Schema
	trained := schema.Blocks[block].Shape[0]
	near, far := schema.Bucket(block, trained+1), schema.Bucket(block, 8*trained+64)
	for _, steps := range []int{near, far} {
		if why := p.differs(oneRow(at, steps)); why != "" {
			return trained, why
		}
	}
	if p.net.Config.Train.Stateful { // the net sees a chunk at a time
		return longestSteps, most
	}
	first, second := p.floats(oneRow(at, near)), p.floats(oneRow(at, far))
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

// floats is how many numbers the values of a batch take in memory.
func (p *probe) floats(shape BatchShape) int {
	g, err := p.net.PredictGraph(shape)
	if err != nil {
		return MaxRowFloats
	}
	return FloatsOf(g)
}

// FloatsOf is how many numbers the values of a graph take in memory, the same on every processor.
func FloatsOf(g *graph.Graph) int {
	pl, err := plan.Make(g, plan.Options{ValuesOnly: true})
	if err != nil {
		return MaxRowFloats
	}
	size := pl.Arena
	for _, node := range g.Nodes {
		if node.Leaf == graph.Input {
			size += node.Outputs[0].Bytes()
		}
	}
	return size / 4
}
