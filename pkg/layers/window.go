package layers

import (
	"fmt"
	"math"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
)

// Axes is one whole number for all axes of a window, or one for each.
type Axes []int

// UnmarshalSpec reads a whole number of at least 1 or a list of such.
func (a *Axes) UnmarshalSpec(n *spec.Node, p *spec.Problems) { *a = wholeNumbers(n, 1, p) }

// MarshalSpec writes the numbers as they were given.
func (a Axes) MarshalSpec() any { return plainNumbers(a) }

// DescribeSpec says what they look like.
func (*Axes) DescribeSpec() string { return "whole number | list of whole numbers" }

// at is the number for an axis.
func (a Axes) at(axis int) int {
	if len(a) == 1 {
		return a[0]
	}
	return a[axis]
}

// or is a, or other where a was not given.
func (a Axes) or(other Axes) Axes {
	if len(a) == 0 {
		return other
	}
	return a
}

// Padding is how much is laid around the axes of an input before windows are laid on it: a word, one whole number for
// both ends of all axes, or one for both ends of each.
type Padding struct {
	Word    string // valid, same, or empty
	Numbers Axes
}

var paddingWords = []string{"valid", "same"}

// UnmarshalSpec reads a word, a whole number or a list of such.
func (d *Padding) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	text, ok := n.Scalar()
	if !ok || !n.IsString() {
		*d = Padding{Numbers: wholeNumbers(n, 0, p)}
		return
	}
	*d = Padding{Word: text}
	if text != "valid" && text != "same" {
		p.Add(n.Path, "want valid, same, a whole number or a list of whole numbers, got %q%s", text, spec.DidYouMean(text, paddingWords))
		d.Word = unknownWord
	}
}

// MarshalSpec writes the padding as it was given.
func (d Padding) MarshalSpec() any {
	if d.Word != "" {
		return d.Word
	}
	return plainNumbers(d.Numbers)
}

// DescribeSpec says what a padding looks like.
func (*Padding) DescribeSpec() string { return "valid | same | whole number | list of whole numbers" }

// wholeNumbers reads a whole number or a list of such, nil where a mistake was noted.
func wholeNumbers(n *spec.Node, least int, p *spec.Problems) Axes {
	before := p.Len()
	var list []int
	if n.IsList() {
		n.Into(&list, p)
	} else {
		var one int
		n.Into(&one, p)
		list = []int{one}
	}
	for i, x := range list {
		if p.Len() > before {
			return nil
		}
		if x < least || x > maxExtent {
			at := n.Path
			if n.IsList() {
				at = fmt.Sprintf("%s[%d]", n.Path, i)
			}
			p.Add(at, "%d is out of range: want %d to %d", x, least, maxExtent)
		}
	}
	if p.Len() == before && len(list) == 0 {
		p.Add(n.Path, "the list is empty; want one whole number for each axis")
	}
	if p.Len() > before {
		return nil
	}
	return list
}

func plainNumbers(a Axes) any {
	switch len(a) {
	case 0:
		return nil
	case 1:
		return a[0]
	}
	return []int(a)
}

// window is the settings that make a window. sizeKey is what the spec calls its size: "size" or "kernel".
type window struct {
	sizeKey                string
	size, stride, dilation Axes // without a stride or dilation, 1
	padding                Padding
	ceil                   bool // let a last window reach beyond the padding
}

// check notes lists that have not one number for each of rank axes.
func (w window) check(path string, rank int, p *spec.Problems) {
	for _, s := range []struct {
		key  string
		list Axes
	}{{w.sizeKey, w.size}, {"stride", w.stride}, {"dilation", w.dilation}, {"padding", w.padding.Numbers}} {
		if n := len(s.list); n > 1 && n != rank {
			p.Add(path+"."+s.key, "has %d numbers, but there %s: want one number, or one for each axis", n, axesText(rank))
		}
	}
}

func axesText(n int) string {
	if n == 1 {
		return "is 1 axis"
	}
	return fmt.Sprintf("are %d axes", n)
}

// broken reports whether a mistake in the settings was noted already.
func (w window) broken(rank int) bool {
	var p spec.Problems
	w.check("", rank, &p)
	return p.Len() > 0 || len(w.size) == 0 || w.padding.Word == unknownWord || w.padding.Word == "" && w.padding.Numbers == nil
}

// resolve fits the window to a signal of numbers with rank spatial axes and channels. beyond is how far a last window, for
// the sake of ceil, reaches beyond the padding; it is part of the window's After.
//
// What padding: same lays before an axis of n elements follows from n, as in TensorFlow. Along the steps of rows of
// different lengths it is ⌊max(0, extent - stride)/2⌋, which is the same where the stride divides n.
func (w window) resolve(c *Context, x Signal, rank int) (win op.Window, beyond [3]int) {
	c.spatial(x, rank)
	if w.broken(rank) {
		panic(failed{shapeUnknown})
	}
	one := Axes{1}
	win.Rank = rank
	for ax := range rank {
		win.Kernel[ax], win.Stride[ax], win.Dilation[ax] = w.size.at(ax), w.stride.or(one).at(ax), w.dilation.or(one).at(ax)
	}
	in := x.Shape()[:rank]
	for ax, n := range in {
		s, k := win.Stride[ax], win.Extent(ax)
		switch {
		case w.padding.Word == "same":
			total := max(((n+s-1)/s-1)*s+k-n, 0)
			win.Before[ax], win.After[ax] = total/2, total-total/2
			if ax == 0 && x.Lengths != nil { // n is the extent of the batch: no row may depend on it
				win.Before[ax] = max(k-s, 0) / 2
				win.After[ax] = total - win.Before[ax] // not below 0, as total ≥ k - s
			}
		case w.padding.Word == "":
			win.Before[ax], win.After[ax] = w.padding.Numbers.at(ax), w.padding.Numbers.at(ax)
		}
		room := n + win.Before[ax] + win.After[ax] - k
		if room < 0 && (!w.ceil || room <= -s) {
			c.Fail(w.sizeKey, "a window of %s does not fit its input of %s%s", w.extents(win), by(in), w.advice())
		}
		// The last window of ceil must begin within the input or the padding before it, as in PyTorch.
		if over := (room + s) % s; w.ceil && over > 0 && room-over+s < n+win.Before[ax] {
			beyond[ax] = s - over
			win.After[ax] += beyond[ax]
		}
	}
	return win, beyond
}

// advice is what helps against a window that is too large.
func (w window) advice() string {
	if w.padding.Word == "valid" {
		return " (padding: same keeps the size)"
	}
	if w.padding.Word == "same" {
		return ""
	}
	return fmt.Sprintf(" with a padding of %s", by(w.padding.Numbers))
}

// extents is the window's size, and what it comes to where its elements are spread.
func (w window) extents(win op.Window) string {
	var reach []int
	spread := false
	for ax := range win.Rank {
		reach = append(reach, win.Extent(ax))
		spread = spread || win.Dilation[ax] > 1
	}
	if spread {
		return fmt.Sprintf("%s, which dilation spreads over %s,", by(win.Kernel[:win.Rank]), by(reach))
	}
	return by(win.Kernel[:win.Rank])
}

// by writes extents as people do: 5x5.
func by(extents []int) string { return strings.Trim(graph.Shape(extents).String(), "[]") }

// spatial checks that a signal holds numbers along rank axes, with channels for each position.
func (c *Context) spatial(x Signal, rank int) {
	c.Floats(x)
	have := x.Shape()
	if len(have) == rank+1 {
		return
	}
	takes := [...]string{"", "sequences [steps, channels]", "images [height, width, channels]", "volumes [depth, height, width, channels]"}[rank]
	if hint := x.joined.hint(); hint != "" {
		c.Fail("", "takes %s, its input is %v%s", takes, have, hint)
	}
	shape := [...]string{"", "[steps, channels]", "[height, width, channels]", "[depth, height, width, channels]"}[rank]
	first, last, kind := "", "", spec.KeyOf(c.entry.Kind)
	switch {
	case rank == 2 && len(have) == 2 && x.Lengths != nil:
		c.Fail("", "takes %s, its input is a sequence of steps and channels, %v; take %s, which is for those", takes, have, twin(kind, "2d", "1d"))
	case rank == 2 && len(have) == 2:
		first = fmt.Sprintf("take %s, which is for sequences [steps, channels], or, of an image, ", twin(kind, "2d", "1d"))
	case rank == 1 && len(have) == 3:
		last = fmt.Sprintf(", or take %s, which is for images", twin(kind, "1d", "2d"))
	}
	switch {
	case len(have) == rank: // most often, there is one channel
		shape = fmt.Sprintf("[%s, 1]", strings.ReplaceAll(by(have), "x", ", "))
	case len(have) == 1 && rank == 2:
		if side := int(math.Sqrt(float64(have[0]))); side > 1 && side*side == have[0] {
			shape = fmt.Sprintf("[%d, %d, 1]", side, side)
		}
	}
	c.Fail("", "takes %s, its input is %v; %sput a reshape layer with shape: %s before it%s", takes, have, first, shape, last)
}
