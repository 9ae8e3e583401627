package spec

import "time"

// Duration is a span of time, written with its unit: 2ms, 500us, 1.5s.
type Duration struct {
	D    time.Duration
	Text string
}

// UnmarshalSpec reads a number with a unit.
func (d *Duration) UnmarshalSpec(n *Node, p *Problems) {
	*d = Duration{}
	var text string
	before := p.Len()
	if word, ok := n.Scalar(); ok {
		text = word
	} else if n.Into(&text, p); p.Len() > before {
		return
	}
	span, err := time.ParseDuration(text)
	switch {
	case err != nil:
		p.Add(n.Path, "%q is no span of time: give a number and a unit, one of us, ms, s, m, h, such as 2ms", text)
	case span <= 0:
		p.Add(n.Path, "%s is out of range: expects more than 0", text)
	default:
		d.D, d.Text = span, text
	}
}

// MarshalSpec writes the span as it was given.
func (d Duration) MarshalSpec() any { return d.Text }

// DescribeSpec says what it is.
func (Duration) DescribeSpec() string { return "span of time such as 2ms" }
