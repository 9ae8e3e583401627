package hints

import (
	"fmt"
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers"
	"dnn/pkg/layers/initializer"
)

// Projection is the array of what brings layers to the width of the teacher's. Only training has it.
const Projection = "projection"

// Param is a part of that array.
type Param struct {
	graph.Param
	View *graph.Value
}

// Batch is what distances are computed for.
type Batch struct {
	B      *graph.Builder
	Rows   int
	Weight *graph.Value // of each row; nil where all are 1
	Seed   uint64
	Input  string // what the inputs for the teacher's values are called, with the number of the match behind it
}

// Distance adds the distances of the layers of a net to those of its teacher: Σ weight · weight of the row · mean of its squares. params
// is what is learned for it.
func (t *Batch) Distance(infos []layers.Info, list Matches) (sum *graph.Value, params []Param, err error) {
	b := t.B
	for i, m := range list {
		at, ok := Layer(infos, m.Layer)
		if !ok || m.Width == 0 || at.Signal.Value.DType != graph.F32 || len(at.Signal.Shape()) == 0 {
			return nil, nil, fmt.Errorf("train.distill.match: the net has no layer %s that can be matched", m.Layer)
		}
		y := at.Signal.Value
		if y.Shape.Last() != m.Width {
			own := t.projection(i, m, y.Shape.Last())
			params = append(params, own...)
			y = project(b, y, own[0].View, own[1].View)
		}
		taught := b.Input(fmt.Sprint(t.Input, i), graph.Floats(y.Shape...))
		far := op.Scale(b, t.meanSquare(op.Square(b, op.Sub(b, y, taught)), at.Signal.Lengths), m.Weight)
		if sum == nil {
			sum = far
		} else {
			sum = op.Add(b, sum, far)
		}
	}
	return sum, params, nil
}

// meanSquare is Σ weight of the row · mean of its squares. Steps beyond a row's length count nothing.
func (t *Batch) meanSquare(squares, lengths *graph.Value) *graph.Value {
	b, rows := t.B, t.Rows
	size := squares.Shape.Size() / rows
	var each *graph.Value
	if lengths == nil {
		each = op.Scale(b, op.Sum(b, op.Reshape(b, squares, rows, size), []int{1}, false), 1/float64(size))
	} else {
		steps := squares.Shape[1]
		step := op.Sum(b, op.Reshape(b, squares, rows, steps, size/steps), []int{2}, false)
		valid := op.Maximum(b, op.ToFloat(b, lengths), b.Scalar(1)) // the steps of an empty row count nothing
		each = op.Sum(b, op.Mul(b, step, op.SequenceMask(b, lengths, steps)), []int{1}, false)
		each = op.Scale(b, op.Div(b, each, valid), float64(steps)/float64(size))
	}
	if t.Weight != nil {
		each = op.Mul(b, each, t.Weight)
	}
	return op.Sum(b, each, []int{0}, false)
}

// projection are the matrix and the offsets that bring a layer to the width of the teacher's.
func (t *Batch) projection(i int, m Match, from int) (list []Param) {
	name := fmt.Sprintf("%s/%d.%s.", Projection, i, m.Layer)
	weight := graph.Param{Name: name + "weight", Layer: Projection, Role: "weight", Shape: graph.Shape{m.Width, from}}
	seed, stream := t.Seed, layers.Stream(weight.Name)
	weight.Init = func(dst []float32) {
		(&initializer.GlorotUniform{}).Fill(dst, initializer.Target{Shape: weight.Shape, FanIn: from, FanOut: m.Width, Seed: seed, Stream: stream})
	}
	for _, q := range []graph.Param{weight, {Name: name + "bias", Layer: Projection, Role: "bias", Shape: graph.Shape{m.Width}}} {
		view := t.B.SlotParam(Projection, q)
		q.Offset = view.Node.Attrs.(graph.ViewAttrs).Offset
		list = append(list, Param{q, view})
	}
	return list
}

// project multiplies the last axis of x with a matrix.
func project(b *graph.Builder, x, weight, bias *graph.Value) *graph.Value {
	shape := slices.Clone(x.Shape)
	y := op.MatMul(b, op.Reshape(b, x, -1, shape.Last()), weight, false, true)
	shape[len(shape)-1] = weight.Shape[0]
	return op.Reshape(b, op.Add(b, y, bias), shape...)
}
