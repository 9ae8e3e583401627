package layers

import (
	"dnn/pkg/graph"
	"strconv"
)

func init() {
	Registry.Register("repeat", "a list of layers several times over", &Repeat{})
}

// Repeat builds its layers several times, one after the other, each time with parameters of their own, named
// NAME.0.LAYER.ROLE, NAME.1.LAYER.ROLE and so on.
//
// A net has at most 100000 layers, each repetition counted.
//
// Shapes: any; those of the layers within. Names within refer to the layers of the same repetition.
type Repeat struct {
	Times  int     `required:"true" range:"[1,10000]" doc:"how often"`
	Layers []Entry `required:"true" length:"[1,)" doc:"the layers within, the first fed by the input or the repetition before"`
}

// Cases are examples of it.
func (*Repeat) Cases() []Case {
	return []Case{
		{Layer: "{type: repeat, times: 3, layers: [{type: dense, units: 4, activation: tanh}, {type: dense, units: 6, bias: false}]}", Out: graph.Shape{6}, Trained: 3 * 52},
		{Layer: "{type: repeat, times: 1, layers: [{type: dense, units: 2}]}", Out: graph.Shape{2}, Trained: 14},
	}
}

// settle: what the last repetition gives.
func (*Repeat) settle(_, out unknown) unknown { return out }

// within are the layers to be repeated.
func (l *Repeat) within() ([]Entry, int) { return l.Layers, max(1, l.Times) }

// Build repeats.
func (l *Repeat) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	if len(l.Layers) == 0 {
		panic(failed{shapeUnknown}) // they are missing
	}
	out := in[0]
	for i := range max(1, l.Times) {
		out = c.Sequence("layers", l.Layers, strconv.Itoa(i), out)
	}
	return out
}
