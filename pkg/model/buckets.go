package model

import "dnn/pkg/dataset"

// buckets asks the net for how many steps batches can be made, and how many rows can have at most. A row may be shorter than
// a window, which then reaches into the padding; and where a layer has a parameter for each step batches are for all.
func (n *Network) buckets() dataset.Buckets {
	own := n.Schema.Buckets()
	at := 0 // among the sequences
	for i := range n.Schema.Blocks {
		if !n.Schema.Blocks[i].Sequence || at == MaxSequences {
			continue
		}
		lengths := own[i].Lengths
		most := lengths[len(lengths)-1]
		usual := n.probe(Rows(1))
		var fit []int
		for _, steps := range lengths[:len(lengths)-1] {
			if usual.differs(n.probe(oneRow(at, steps))) == "" {
				fit = append(fit, steps)
			}
		}
		own[i].Lengths = append(fit, most)
		if n.Schema.Unlimited(i) {
			own[i].MaxSteps, own[i].Why = n.longest(i, at, usual)
		}
		at++
	}
	return own
}
