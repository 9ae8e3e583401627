package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("upsample1d", "a larger sequence, by copies or interpolation", &Upsample1D{}).
		Also("upsampling1d")
}

// Upsample1D makes several positions of one: copies of it (nearest), or points on the line between
// neighbours (linear). Position p of the output lies at
//
//	(p + ½)/size - ½, but at least 0 and at most n-1
//
// of the input's n positions, as in PyTorch with align_corners=False.
//
// Shapes: [steps, channels] to [size·steps, channels].
//
// Sequences of different lengths: nearest multiplies the lengths; linear takes none, since the last steps would be drawn to
// what stands behind them.
//
// Errors: an input of another rank; an axis of too many positions; category indices.
type Upsample1D struct {
	Size   Axes   `default:"2" doc:"how many positions come of one: one number for all axes, or one for each"`
	Method string `default:"nearest" oneof:"nearest|linear" doc:"what the new positions are"`
}

// Cases are examples of it.
func (*Upsample1D) Cases() []Case {
	return []Case{
		{Layer: "upsample1d", In: []Input{floats("x", 3, 2)}, Out: graph.Shape{6, 2}},
		{Layer: "{type: upsample1d, size: 3, method: linear}", In: []Input{floats("x", 3, 2)}, Out: graph.Shape{9, 2}},
	}
}

// CheckSpec expects one number for each axis.
func (l *Upsample1D) CheckSpec(path string, p *spec.Problems) {
	window{sizeKey: "size", size: l.Size}.check(path, 1, p)
}

// Build upsamples.
func (l *Upsample1D) Build(c *Context, in []Signal) Signal {
	return upsampled(c, in, l.Size, 1, l.Method == "linear")
}
