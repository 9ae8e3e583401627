package spec

import (
	"math"
	"regexp"
	"strconv"
)

// Bytes is a size in bytes, written with its unit: 4GB, 512MiB.
type Bytes struct {
	N    int
	Text string
}

var sizePattern = regexp.MustCompile(`^(\d+(?:\.\d+)?) ?([kKMGT]?i?)B$`)

var sizeUnits = map[string]float64{
	"": 1, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12,
	"ki": 1 << 10, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40,
}

// UnmarshalSpec reads a number with a unit.
func (b *Bytes) UnmarshalSpec(n *Node, p *Problems) {
	*b = Bytes{}
	var text string
	before := p.Len()
	if word, ok := n.Scalar(); ok {
		text = word
	} else if n.Into(&text, p); p.Len() > before {
		return
	}
	parts := sizePattern.FindStringSubmatch(text)
	if parts == nil || sizeUnits[parts[2]] == 0 {
		p.Add(n.Path, "%q is no size: give a number and a unit, one of B, kB, MB, GB, TB, KiB, MiB, GiB, TiB, such as 4GB", text)
		return
	}
	number, err := strconv.ParseFloat(parts[1], 64)
	size := number * sizeUnits[parts[2]]
	if err != nil || size < 1 || size >= math.MaxInt64 {
		p.Add(n.Path, "%s is out of range: expects 1B or more", text)
		return
	}
	b.N, b.Text = int(size), text
}

// MarshalSpec writes the size as it was given.
func (b Bytes) MarshalSpec() any { return b.Text }

// DescribeSpec says what it is.
func (Bytes) DescribeSpec() string { return "size such as 4GB" }
