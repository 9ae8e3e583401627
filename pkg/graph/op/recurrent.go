package op

import (
	"fmt"

	"dnn/internal/kernel/rnn"
	"dnn/pkg/graph"
)

// Recurrent is what an op reads that goes through whole sequences, for one layer and one direction. Rows are independent,
// and all are padded to one number of steps.
type Recurrent struct {
	// X [rows, steps, gates·units] is what the inputs add to each gate: one matrix product for all steps.
	X *graph.Value
	// W [gates·units, units] multiplies the hidden state of the step before.
	W *graph.Value
	// Bias [3·units] is added to that product; GRU only, nil for none.
	Bias *graph.Value
	// H0 [rows, units] is the hidden state before the first step, nil for zeros; C0 that of an LSTM's cells, and both are
	// nil or neither is.
	H0, C0 *graph.Value
	// Mask [rows, units] multiplies the hidden state before W does, the same at every step; nil for none. No gradient
	// flows to it.
	Mask *graph.Value
	// Lengths [rows] of integers are the numbers of valid steps; nil when all are. Results of other steps are 0.
	Lengths *graph.Value
	// Reverse goes from the last valid step to the first.
	Reverse bool
}

// RecurrentAttrs tell which optional inputs there are, in the order of the inputs, and how the op works.
type RecurrentAttrs struct {
	Bias, Initial, Mask, Lengths bool
	Reverse                      bool
	Act                          Act  // of rnn: ActTanh or ActRelu
	ResetBefore                  bool // of gru: r multiplies the hidden state before W does
}

// RecurrentGradAttrs also tell which outputs a gradient comes from.
type RecurrentGradAttrs struct {
	RecurrentAttrs
	DY, DLast, DCell bool
}

// attrs describes the node of in.
func (in Recurrent) attrs() RecurrentAttrs {
	return RecurrentAttrs{
		Bias: in.Bias != nil, Initial: in.H0 != nil, Mask: in.Mask != nil, Lengths: in.Lengths != nil, Reverse: in.Reverse,
	}
}

// list is the inputs of the node.
func (in Recurrent) list() []*graph.Value {
	return present(in.X, in.W, in.Bias, in.H0, in.C0, in.Mask, in.Lengths)
}

// present leaves out those that are nil.
func present(list ...*graph.Value) []*graph.Value {
	var out []*graph.Value
	for _, v := range list {
		if v != nil {
			out = append(out, v)
		}
	}
	return out
}

// cell is one kind of recurrent net, as far as shapes go.
type cell struct {
	gates int
	cells bool // has c beside h
}

var (
	rnnCell  = cell{gates: 1}
	lstmCell = cell{gates: 4, cells: true}
	gruCell  = cell{gates: 3}
)

// recurrentIn are the inputs of a forward node by name; those that are absent are the zero value.
type recurrentIn[T any] struct {
	x, w, bias, h0, c0, mask, lengths T
	scales                            T // of w, where it holds 8-bit integers
}

// splitIn names the inputs of a forward node.
func splitIn[T any](k cell, a RecurrentAttrs, in []T) (s recurrentIn[T]) {
	return splitAs(k, a, false, in)
}

func splitAs[T any](k cell, a RecurrentAttrs, int8 bool, in []T) (s recurrentIn[T]) {
	t := taker[T]{in}
	s.x, s.w = t.take(true), t.take(true)
	s.scales = t.take(int8)
	s.bias = t.take(a.Bias)
	s.h0, s.c0 = t.take(a.Initial), t.take(a.Initial && k.cells)
	s.mask, s.lengths = t.take(a.Mask), t.take(a.Lengths)
	return s
}

// taker gives out a list one by one.
type taker[T any] struct{ rest []T }

func (t *taker[T]) take(present bool) (v T) {
	if present {
		v, t.rest = t.rest[0], t.rest[1:]
	}
	return v
}

// infer checks the inputs of a forward node and returns its shape.
func (k cell) infer(a RecurrentAttrs, in []graph.Type) (rnn.Recurrent, error) {
	var r rnn.Recurrent
	want := []graph.DType{graph.F32, graph.F32}
	for _, is := range []bool{a.Bias, a.Initial, a.Initial && k.cells, a.Mask} {
		if is {
			want = append(want, graph.F32)
		}
	}
	if a.Lengths {
		want = append(want, graph.I32)
	}
	if err := expect(in, want...); err != nil {
		return r, err
	}
	s := splitIn(k, a, in)
	x, w := s.x.Shape, s.w.Shape
	if len(x) != 3 || len(w) != 2 || x[1] < 1 || w[1] < 1 {
		return r, fmt.Errorf("x is %v and w %v, want [rows, steps, %d·units] and [%d·units, units]", x, w, k.gates, k.gates)
	}
	r = rnn.Recurrent{Rows: x[0], Steps: x[1], Units: w[1], Gates: k.gates, Reverse: a.Reverse}
	if wide := k.gates * r.Units; x[2] != wide || w[0] != wide {
		return r, fmt.Errorf("x is %v and w %v: for %d units the last axis of x and the first of w must be %d", x, w, r.Units, wide)
	}
	state := graph.Shape{r.Rows, r.Units}
	for _, o := range []struct {
		is   bool
		name string
		got  graph.Type
		want graph.Shape
	}{
		{a.Bias, "the bias", s.bias, graph.Shape{w[0]}}, {a.Initial, "h0", s.h0, state}, {a.Initial && k.cells, "c0", s.c0, state},
		{a.Mask, "the mask", s.mask, state}, {a.Lengths, "lengths", s.lengths, state[:1]},
	} {
		if o.is && !o.got.Shape.Equal(o.want) {
			return r, fmt.Errorf("x is %v and w %v, so %s must be %v, not %v", x, w, o.name, o.want, o.got.Shape)
		}
	}
	return r, nil
}

// shape is that of a forward node.
func (k cell) shape(n *graph.Node) rnn.Recurrent {
	x, w := n.Inputs[0].Shape, n.Inputs[1].Shape
	return rnn.Recurrent{Rows: x[0], Steps: x[1], Units: w[1], Gates: k.gates, Reverse: n.Attrs.(RecurrentAttrs).Reverse}
}

// sequences are what all kernels share.
func sequences(s recurrentIn[graph.Buffer]) rnn.Sequences {
	return rnn.Sequences{H0: s.h0.F, Mask: s.mask.F, Lengths: s.lengths.I, Integers: rnn.Integers{Scales: s.scales.F, Least: 1}}
}

// recurrentKernel packs w, and runs blocks of rows.
func recurrentKernel(r rnn.Recurrent, back bool, local int, w func(c *graph.Call) []float32,
	run func(c *graph.Call, packed []float32, lo, hi int)) graph.Kernel {
	size := r.Packed(back)
	return graph.Kernel{Scratch: size, Local: local, Phases: []graph.Phase{
		{Units: r.PackUnits(back), Run: func(c *graph.Call, lo, hi int) { r.Pack(c.Scratch[:size], w(c), back, lo, hi) }},
		{Units: r.Blocks(), Run: func(c *graph.Call, lo, hi int) { run(c, c.Scratch[:size], lo, hi) }},
	}}
}

// recurrentCost is that of the products with w, taken so many times, and of so many operations for each element of a gate.
func recurrentCost(y, w *graph.Value, n *graph.Node, each float64) graph.Cost {
	steps, size := float64(y.Shape[0]*y.Shape[1]), float64(w.Shape.Size())
	return graph.Cost{Flops: steps * (2*size + each*float64(w.Shape[0])), Products: steps * size, Bytes: traffic(n)}
}

// recurrentGrad are the inputs of a gradient by name.
type recurrentGrad[T any] struct {
	dy, dlast, dcell   T
	gates, q, cells, y T
	recurrentIn[T]
}

// splitGrad names the inputs of a gradient: those by the outputs, what the forward node saved, and its inputs but x and
// the bias.
func splitGrad[T any](k cell, a RecurrentGradAttrs, in []T) (s recurrentGrad[T]) {
	t := taker[T]{in}
	s.dy, s.dlast, s.dcell = t.take(a.DY), t.take(a.DLast), t.take(a.DCell && k.cells)
	s.gates = t.take(k.gates > 1)
	s.q = t.take(k == gruCell && !a.ResetBefore)
	s.cells = t.take(k.cells)
	s.y, s.w = t.take(true), t.take(true)
	s.h0, s.c0 = t.take(a.Initial), t.take(a.Initial && k.cells)
	s.mask, s.lengths = t.take(a.Mask), t.take(a.Lengths)
	return s
}

// inferGrad checks the inputs of a gradient and returns the shape of the forward node.
func (k cell) inferGrad(a RecurrentGradAttrs, in []graph.Type) (rnn.Recurrent, error) {
	var r rnn.Recurrent
	want := 2 // y and w
	for _, is := range []bool{
		a.DY, a.DLast, a.DCell && k.cells, k.gates > 1, k == gruCell && !a.ResetBefore, k.cells, a.Initial, a.Initial && k.cells, a.Mask,
	} {
		if is {
			want++
		}
	}
	types := make([]graph.DType, want)
	if a.Lengths {
		types = append(types, graph.I32)
	}
	if err := expect(in, types...); err != nil {
		return r, err
	}
	s := splitGrad(k, a, in)
	y, w := s.y.Shape, s.w.Shape
	if len(y) != 3 || len(w) != 2 || w[0] != k.gates*w[1] || y[2] != w[1] {
		return r, fmt.Errorf("y is %v and w %v, want [rows, steps, units] and [%d·units, units]", y, w, k.gates)
	}
	r = rnn.Recurrent{Rows: y[0], Steps: y[1], Units: y[2], Gates: k.gates, Reverse: a.Reverse}
	state, all := graph.Shape{r.Rows, r.Units}, graph.Shape{r.Rows, r.Steps, k.gates * r.Units}
	for _, o := range []struct{ got, want graph.Shape }{
		{s.dy.Shape, y}, {s.dlast.Shape, state}, {s.dcell.Shape, state}, {s.gates.Shape, all}, {s.q.Shape, y}, {s.cells.Shape, y},
		{s.h0.Shape, state}, {s.c0.Shape, state}, {s.mask.Shape, state}, {s.lengths.Shape, state[:1]},
	} {
		if o.got != nil && !o.got.Equal(o.want) {
			return r, fmt.Errorf("y is %v and w %v, so %v is no shape of an input", y, w, o.got)
		}
	}
	return r, nil
}

// gradShape is that of the forward node of a gradient.
func (k cell) gradShape(n *graph.Node) (rnn.Recurrent, recurrentGrad[*graph.Value]) {
	a := n.Attrs.(RecurrentGradAttrs)
	s := splitGrad(k, a, n.Inputs)
	y := s.y.Shape
	return rnn.Recurrent{Rows: y[0], Steps: y[1], Units: y[2], Gates: k.gates, Reverse: a.Reverse}, s
}

// gradientOf adds the gradient of a forward node from those of its outputs. The first two outputs of the gradient are dx
// and what w was multiplied by.
func (k cell) gradientOf(b *graph.Builder, o *graph.Op, n *graph.Node, dy, dlast, dcell *graph.Value, saved ...*graph.Value) []*graph.Value {
	a := n.Attrs.(RecurrentAttrs)
	s := splitIn(k, a, n.Inputs)
	a.Bias = false
	in := append(present(dy, dlast, dcell), saved...)
	in = append(in, present(s.w, s.h0, s.c0, s.mask, s.lengths)...)
	return b.Add(o, RecurrentGradAttrs{a, dy != nil, dlast != nil, dcell != nil}, in...)
}

// flatRows joins rows and steps.
func flatRows(b *graph.Builder, x *graph.Value) *graph.Value {
	return Reshape(b, x, x.Shape[0]*x.Shape[1], x.Shape[2])
}

// sumOfProducts is Σ dᵀ·met over all rows and steps, the gradient by w.
func sumOfProducts(b *graph.Builder, d, met *graph.Value) *graph.Value {
	return MatMul(b, flatRows(b, d), flatRows(b, met), true, false)
}
