package dataset

import "dnn/pkg/spec"

// Stratify says by whose classes a split is stratified: those of the only target, or those of a target that it names.
type Stratify struct {
	On     bool
	Target string // "": the only one
}

// UnmarshalSpec reads a truth value or the name of a target.
func (s *Stratify) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if text, ok := n.Scalar(); ok && n.IsString() && text != "" {
		*s = Stratify{true, text}
		return
	}
	s.Target = ""
	n.Into(&s.On, p)
}

// MarshalSpec writes what was given.
func (s Stratify) MarshalSpec() any {
	if s.Target != "" {
		return s.Target
	}
	return s.On
}

// DescribeSpec says what the setting takes.
func (Stratify) DescribeSpec() string { return "true | false | text" }
