package spec

// Word is text in the spec, or a number or boolean taken as text.
type Word string

// UnmarshalSpec reads any plain value.
func (w *Word) UnmarshalSpec(n *Node, p *Problems) {
	text, ok := n.Scalar()
	if !ok {
		p.Add(n.Path, "expected a name, got %s", n.Describe())
	}
	*w = Word(text)
}
