package cluster

import "math/bits"

// Numbers of shards are summed in the order of a binary tree over them: two neighbours first, then pairs of neighbours, and so on.
// A rank has shards that follow one another, and computes by itself what lies within them: where ranks have as many shards each,
// and powers of two, that is one array, however many shards there are.

// Node is a range of shards that are summed up as one, [Lo, Hi).
type Node struct{ Lo, Hi int }

// Split returns the nodes that a node of several shards is the sum of: the first has the largest power of two below their number.
func (n Node) Split() (left, right Node) {
	mid := n.Lo + 1<<(bits.Len(uint(n.Hi-n.Lo-1))-1)
	return Node{n.Lo, mid}, Node{mid, n.Hi}
}

// Share are the shards that a rank computes.
func Share(shards, ranks, rank int) Node {
	return Node{rank * shards / ranks, (rank + 1) * shards / ranks}
}

// Cover returns the largest nodes of the tree over so many shards that lie within a range of them, in their order.
func Cover(shards int, own Node) (list []Node) {
	var visit func(n Node)
	visit = func(n Node) {
		switch {
		case n.Hi <= own.Lo || n.Lo >= own.Hi:
		case own.Lo <= n.Lo && n.Hi <= own.Hi:
			list = append(list, n)
		default:
			left, right := n.Split()
			visit(left)
			visit(right)
		}
	}
	if own.Lo < own.Hi {
		visit(Node{0, shards})
	}
	return list
}
