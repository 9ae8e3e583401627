package layers

import (
	"fmt"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/initializer"
)

// Recurrent is what recurrent layers have in common.
type Recurrent struct {
	Units            Size                    `required:"true" doc:"length of the hidden state" also:"hidden_size|hidden_units|hidden_dim|output_dim|size"`
	Layers           int                     `default:"1" range:"[1,1000]" doc:"how many are stacked, each fed by all steps of the one before"`
	Bidirectional    bool                    `default:"false" doc:"go through the sequence in both directions, with weights of their own, and put the results side by side"`
	Sequences        bool                    `default:"false" doc:"whether all steps are given, or only the state after the last one (of the reverse direction: after the first)"`
	Dropout          float64                 `default:"0" range:"[0,1)" doc:"share of elements set to zero between stacked layers in training"`
	RecurrentDropout float64                 `default:"0" range:"[0,1)" doc:"share of the hidden state that the weights do not see in training, the same at all steps of a row"`
	Bias             bool                    `default:"true" doc:"whether biases are added"`
	WeightInit       initializer.Initializer `default:"glorot_uniform" doc:"first values of the weights of the inputs, gate by gate"`
	RecurrentInit    initializer.Initializer `default:"orthogonal" doc:"first values of the weights of the hidden state, gate by gate"`
	BiasInit         initializer.Initializer `default:"zeros" doc:"first values of the biases"`
}

// recurrence is what tells one kind of recurrent layer from another.
type recurrence struct {
	gates      int
	cells      bool     // has a second state, c
	hiddenBias bool     // the biases of the hidden state go to the op, not to the inputs' products
	forget     *float64 // first value of the second gate's bias
	run        func(b *graph.Builder, in op.Recurrent) (y, last, cell *graph.Value)
}

// settle: the width is the layer's own, and without sequences all of the shape.
func (l *Recurrent) settle(in, _ unknown) unknown {
	if l.Sequences {
		return afterWidth(in)
	}
	return certain
}

// ways is the number of directions.
func (l *Recurrent) ways() int {
	if l.Bidirectional {
		return 2
	}
	return 1
}

// build goes through the sequences with all layers and directions.
func (l *Recurrent) build(c *Context, in []Signal, k recurrence) Signal {
	most := 2
	if k.cells {
		most = 3
	}
	c.Inputs(in, 1, most)
	c.Floats(in...)
	c.steps(in[0])
	x, units, layers := in[0].Value, c.Size("units", l.Units), max(1, l.Layers)
	if row := in[0].Shape(); len(row) != 2 {
		hint := ""
		if len(row) == 3 {
			hint = fmt.Sprintf("; a reshape layer with shape: [%d, %d] makes each line of an image a step", row[0], row[1]*row[2])
		}
		c.Fail("", "takes sequences, rows of shape [steps, features], its input has rows of shape %v%s", row, hint)
	}
	states := make([]func(at int) *graph.Value, 2) // h0 and c0
	for i := range states {
		if i+1 < len(in) {
			states[i] = l.states(c, i+1, in[i+1], layers*l.ways(), units)
		}
	}
	if k.cells && len(in) == 2 {
		states[1] = func(int) *graph.Value { return filled(c.B, 0, in[0].Rows(), units) }
	}
	switch chunked := c.chunked(x); {
	case chunked && l.Bidirectional:
		c.Fail("bidirectional", "train.stateful goes through sequences in chunks, from their beginning; the way back would have to begin at their end")
	case chunked && len(in) > 1 && c.scope.net.carry.MaxSteps == 0:
		c.Fail("inputs", "train.stateful begins with the state in which the stretch before ended; there can be no other initial state")
	}
	var all, cells []*graph.Value // the last states
	for layer := range layers {
		if layer > 0 && l.Dropout > 0 && c.Training {
			x = op.Dropout(c.B, x, c.Step(), l.Dropout, c.Seed(), Stream(fmt.Sprintf("%s.dropout_l%d", c.Name, layer)))
		}
		var ys []*graph.Value
		for way := range l.ways() {
			one := direction{Recurrent: l, recurrence: k, suffix: fmt.Sprintf("_l%d", layer), units: units}
			if way == 1 {
				one.suffix += "_reverse"
			}
			of := op.Recurrent{Lengths: in[0].Lengths, Reverse: way == 1}
			if len(in) > 1 {
				at := layer*l.ways() + way
				of.H0 = states[0](at)
				if k.cells {
					of.C0 = states[1](at)
				}
			}
			y, last, cell := one.through(c, x, of)
			ys, all, cells = append(ys, y), append(all, last), append(cells, cell)
		}
		x = op.Concat(c.B, 2, ys...)
	}
	c.Also("h", together(c, all))
	if k.cells {
		c.Also("c", together(c, cells))
	}
	if l.Sequences {
		return in[0].With(x)
	}
	return Signal{Value: op.Concat(c.B, 1, all[len(all)-l.ways():]...)}
}

// together lays the last states of all layers and directions side by side.
func together(c *Context, states []*graph.Value) Signal {
	rows, units := states[0].Shape[0], states[0].Shape[1]
	return Signal{Value: op.Reshape(c.B, op.Concat(c.B, 1, states...), rows, len(states), units), unknown: c.unknown}
}

// states takes an initial state apart: [n, units] or all in a row, where the directions of a layer follow one another, and
// layer follows layer.
func (l *Recurrent) states(c *Context, input int, s Signal, n, units int) func(at int) *graph.Value {
	want, row := graph.Shape{n, units}, s.Shape()
	if !row.Equal(want) && !row.Equal(graph.Shape{n * units}) {
		shapes := fmt.Sprint(graph.Shape{n * units})
		if n > 1 {
			shapes = fmt.Sprintf("%v or %v, layer by layer and within them direction by direction", want, shapes)
		}
		c.Fail(fmt.Sprintf("inputs[%d]", input), "the initial state has rows of shape %v, want %s", row, shapes)
	}
	all := op.Reshape(c.B, s.Value, s.Rows(), n*units)
	return func(at int) *graph.Value { return op.Slice(c.B, all, 1, at*units, (at+1)*units) }
}

// filled is a matrix of one number, which takes no memory before the graph is run.
func filled(b *graph.Builder, x float64, rows, cols int) *graph.Value {
	return op.BroadcastTo(b, b.Scalar(x), rows, cols)
}

// direction is one layer in one direction.
type direction struct {
	*Recurrent
	recurrence
	suffix string // of its parameters
	units  int
}

// build adds the products of all inputs, and goes through the steps.
func (d *direction) build(c *Context, x *graph.Value, of op.Recurrent) (y, last, cell *graph.Value) {
	b, n, wide := c.B, x.Shape.Last(), d.gates*d.units
	weight := func(role string, from int, init initializer.Initializer) *graph.Value {
		return c.Param(role+d.suffix, graph.Shape{wide, from}, gatewise{init, d.gates}, from, d.units)
	}
	z := product(b, x, weight("weight_ih", n, d.WeightInit))
	of.W = weight("weight_hh", d.units, d.RecurrentInit)
	if d.Bias {
		bias := func(role string, forget float64) *graph.Value {
			init := d.BiasInit
			if d.forget != nil {
				init = forgetful{init, forget}
			}
			return c.Param(role+d.suffix, graph.Shape{wide}, init, n, d.units)
		}
		forget := 0.0
		if d.forget != nil {
			forget = *d.forget
		}
		ih, hh := bias("bias_ih", forget), bias("bias_hh", 0)
		if d.hiddenBias {
			of.Bias = hh
		} else {
			ih = op.Add(b, ih, hh)
		}
		z = op.Add(b, z, ih)
	}
	of.X = ofRows(b, z, x.Shape)
	if c.Training && d.RecurrentDropout > 0 {
		ones := filled(b, 1, x.Shape[0], d.units)
		of.Mask = op.Dropout(b, ones, c.Step(), d.RecurrentDropout, c.Seed(), Stream(c.Name+".recurrent_dropout"+d.suffix))
	}
	return d.run(b, of)
}

// through is build, from the state in which the chunk before ended where sequences come in chunks.
func (d *direction) through(c *Context, x *graph.Value, of op.Recurrent) (y, last, cell *graph.Value) {
	if !c.chunked(x) {
		return d.build(c, x, of)
	}
	h, endHidden := c.carried("hidden"+d.suffix, x.Shape[0], d.units)
	of.H0 = firstState(c, of.H0, h)
	if !d.cells {
		y, last, cell = d.build(c, x, of)
		endHidden(last)
		return y, last, cell
	}
	cells, endCells := c.carried("cells"+d.suffix, x.Shape[0], d.units)
	of.C0 = firstState(c, of.C0, cells)
	y, last, cell = d.build(c, x, of)
	endHidden(last)
	endCells(cell)
	return y, last, cell
}

// gatewise fills the matrix of each gate on its own, as if it were a parameter.
type gatewise struct {
	initializer.Initializer
	gates int
}

// Fill fills gate by gate, each from a random stream of its own.
func (g gatewise) Fill(dst []float32, t initializer.Target) {
	size := len(dst) / g.gates
	t.Shape = append(graph.Shape{t.Shape[0] / g.gates}, t.Shape[1:]...)
	stream := t.Stream
	for i := range g.gates {
		t.Stream = stream ^ uint64(i)<<32
		g.Initializer.Fill(dst[i*size:(i+1)*size], t)
	}
}

// forgetful fills the second of four gates with a number.
type forgetful struct {
	initializer.Initializer
	forget float64
}

// Fill fills.
func (f forgetful) Fill(dst []float32, t initializer.Target) {
	f.Initializer.Fill(dst, t)
	units := len(dst) / 4
	for i := range units {
		dst[units+i] = float32(f.forget)
	}
}
