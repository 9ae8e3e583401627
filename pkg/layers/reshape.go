package layers

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("reshape", "a row in another shape of the same size", &Reshape{})
}

// Reshape gives each row another shape, the last axis running fastest in both.
//
// Shapes: any to shape; one extent may be -1, which stands for what is left. Where
// the first extent stays, so do the lengths of sequences; else they are padded with zeros, and their lengths are lost.
//
// Errors: sizes that differ; more than one -1; an extent of 0.
type Reshape struct {
	Shape []int `required:"true" range:"[-1,100000000]" length:"[1,)" doc:"extents of a row's axes; one may be -1: what is left"`
}

// Cases are examples of it.
func (*Reshape) Cases() []Case {
	return []Case{
		{Layer: "{type: reshape, shape: [2, 3]}", Out: graph.Shape{2, 3}},
		{Layer: "{type: reshape, shape: [3, -1, 1]}", In: []Input{floats("x", 4, 3)}, Out: graph.Shape{3, 4, 1}},
		{Layer: "{type: reshape, shape: 1}", In: []Input{floats("x")}, Out: graph.Shape{1}},
	}
}

// CheckSpec expects one open extent at most, and no empty one.
func (l *Reshape) CheckSpec(path string, p *spec.Problems) {
	if slices.Contains(l.Shape, 0) {
		p.Add(path+".shape", "an axis of 0 elements")
	}
	if i := slices.Index(l.Shape, -1); i >= 0 && slices.Contains(l.Shape[i+1:], -1) {
		p.Add(path+".shape", "more than one extent is -1")
	}
}

// settle: what shape says is certain, whatever the input's is.
func (l *Reshape) settle(in, _ unknown) unknown {
	switch open := slices.Index(l.Shape, -1); {
	case open < 0:
		return certain
	case open < len(l.Shape)-1:
		return in & axesUnknown
	}
	return in & widthUnknown
}

// Build reshapes.
func (l *Reshape) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	if len(l.Shape) == 0 {
		panic(failed{shapeUnknown}) // it is missing
	}
	x, want := in[0], graph.Shape(slices.Clone(l.Shape))
	size, open := 1, -1
	for i, d := range want {
		switch {
		case d > 0 && size > maxExtent:
			c.Fail("shape", "shape %v has too many elements", l.Shape)
		case d > 0:
			size *= d
		case d == -1 && open < 0:
			open = i
		default: // noted by CheckSpec
			panic(failed{shapeUnknown})
		}
	}
	have := x.Shape().Size()
	switch {
	case open >= 0 && have%size != 0:
		c.Fail("shape", "a row of shape %v has %d elements, which %d does not divide", x.Shape(), have, size)
	case open >= 0:
		want[open] = have / size
	case have != size:
		c.complain(shapeUnknown, "shape", "a row of shape %v has %d elements, shape %v has %d", x.Shape(), have, want, size)
		x.Value = c.B.Input(c.Name+" that does not fit", graph.Floats(x.Rows(), size))
	}
	out := Signal{Categories: x.Categories}
	if x.Lengths != nil && len(x.Shape()) > 0 && want[0] == x.Shape()[0] {
		out.Lengths = x.Lengths
	} else {
		x.Value = padded(c, x)
	}
	out.Value = op.Reshape(c.B, x.Value, append(graph.Shape{x.Rows()}, want...)...)
	return out
}
