package graph

// Compute runs the kernel of a node alone, on memory of its own, and returns the outputs.
func Compute(n *Node, in []Buffer) (out []Buffer) {
	for _, v := range n.Outputs {
		out = append(out, BufferOf(v.DType, make([]byte, v.Bytes())))
	}
	k := n.Op.Kernel(n)
	c := &Call{In: in, Out: out, InPlaced: make([]bool, len(in)),
		Scratch: make([]float32, k.Scratch), Local: make([]float32, k.Local), Kept: make([]float32, k.Kept)}
	for _, p := range k.Phases {
		p.Run(c, 0, p.Units)
	}
	return out
}
