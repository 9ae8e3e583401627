package augment

import (
	"strconv"

	"dnn/pkg/spec"
)

// Fill is what fills the space that a moved image leaves: edge repeats the outermost pixels, reflect mirrors the image
// at them, zero is black, and a number from 0 to 255 is that value in every channel. edge suits any ground, black or white.
type Fill struct {
	Border string  // "edge", "reflect" or "" for Value
	Value  float64 // 0 to 255
}

// UnmarshalSpec reads a word or a number.
func (f *Fill) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	*f = Fill{}
	if text, ok := n.Scalar(); ok && n.IsString() && (text == "edge" || text == "reflect") {
		f.Border = text
		return
	}
	f.Value = ground(n, p, []string{"edge", "reflect", "zero"})
}

// ground reads zero, or a number that a pixel may have. The words are the others that are allowed.
func ground(n *spec.Node, p *spec.Problems, words []string) float64 {
	text, ok := n.Scalar()
	value, err := strconv.ParseFloat(text, 64)
	switch {
	case ok && text == "zero":
		return 0
	case ok && n.IsString():
		p.Add(n.Path, "expected %s, zero or a number from 0 to 255, got %s%s", list(words[:len(words)-1]), n.Describe(), spec.DidYouMean(text, words))
	case !ok || err != nil:
		p.Add(n.Path, "expected %s, zero or a number from 0 to 255, got %s", list(words[:len(words)-1]), n.Describe())
	case !(value >= 0 && value <= 255):
		p.Add(n.Path, "%v is out of range: expected 0 to 255, the values of pixels", value)
	default:
		return value
	}
	return 0
}

func list(words []string) string {
	text := ""
	for i, w := range words {
		if i > 0 {
			text += ", "
		}
		text += w
	}
	return text
}

// MarshalSpec writes what was read.
func (f Fill) MarshalSpec() any {
	switch {
	case f.Border != "":
		return f.Border
	case f.Value == 0:
		return "zero"
	}
	return f.Value
}

// DescribeSpec says what the setting takes.
func (Fill) DescribeSpec() string { return "edge | reflect | zero | number" }

// inside returns the place within [0, n) whose pixel is at i, or -1 where Value does.
func (f *Fill) inside(i, n int) int {
	switch {
	case uint(i) < uint(n):
		return i
	case f.Border == "edge":
		return min(max(i, 0), n-1)
	case f.Border == "reflect":
		if n == 1 {
			return 0
		}
		period := 2*n - 2
		if i %= period; i < 0 {
			i += period
		}
		return min(i, period-i)
	}
	return -1
}
