package importer

import (
	"slices"

	"dnn/pkg/onnx"
)

// fold computes the outputs of a node from inputs that are known; nil stands for one that is left out.
type fold func(n *node, in []*array) []*array

// folds are the operators that can be computed while a graph is read: those that exporters write around shapes and masks, and those
// that are linear, which show what projections do.
var folds = map[string]fold{
	"Constant":        func(n *node, _ []*array) []*array { return []*array{heldBy(n)} },
	"ConstantOfShape": constantOfShape,
	"Range":           rangeOf,
	"Identity":        same1, "Dropout": same1,
	"Cast": cast, "CastLike": cast,
	"Reshape": reshape, "Flatten": flatten, "Squeeze": squeeze, "Unsqueeze": unsqueeze,
	"Transpose": transpose, "Concat": concat, "Slice": slice, "Split": split, "Gather": gather,
	"Expand": expand, "Tile": tile, "Trilu": trilu, "Where": where,
	"MatMul": matmul, "Gemm": gemm,
	"ReduceMean": reduce, "ReduceSum": reduce, "ReduceMax": reduce, "ReduceMin": reduce, "ReduceProd": reduce,
	"Size": func(_ *node, in []*array) []*array { return one(vectorless(float64(len(in[0].data)))) },
}

// fold runs a fold.
func (n *node) fold(f fold, in []*array) []*value {
	var out []*value
	for _, a := range f(n, in) {
		n.r.folded += len(a.data)
		out = append(out, constant(a))
	}
	if n.r.folded > largestArray+4*n.r.held {
		fail("constants of more than %d numbers altogether come of those in the file", n.r.folded)
	}
	return out
}

func one(a *array) []*array { return []*array{a} }

// vectorless is a scalar, a whole number.
func vectorless(x float64) *array { return &array{nil, []float64{x}, true} }

func same1(_ *node, in []*array) []*array { return one(in[0]) }

// given is an input of a fold, nil where it is left out.
func given(in []*array, i int) *array {
	if i < len(in) {
		return in[i]
	}
	return nil
}

// arrayOf are the numbers of a tensor.
func arrayOf(t *onnx.Tensor) *array {
	a := &array{shape: slices.Clone(t.Shape)}
	if x, err := t.Floats(); err == nil {
		a.data = make([]float64, len(x))
		for i := range x {
			a.data[i] = float64(x[i])
		}
		return a
	}
	x, err := t.Ints()
	if err != nil {
		fail("%v", err)
	}
	a.whole, a.data = true, make([]float64, len(x))
	for i := range x {
		a.data[i] = float64(x[i])
	}
	return a
}

// heldBy is what a node Constant holds.
func heldBy(n *node) *array {
	for _, a := range n.Attributes {
		switch x := a.Value.(type) {
		case *onnx.Tensor:
			return arrayOf(x)
		case int64:
			return vectorless(float64(x))
		case float32:
			return &array{nil, []float64{float64(x)}, false}
		case []int64:
			out := newArray(true, len(x))
			for i := range x {
				out.data[i] = float64(x[i])
			}
			return out
		case []float32:
			out := newArray(false, len(x))
			for i := range x {
				out.data[i] = float64(x[i])
			}
			return out
		}
	}
	fail("holds no numbers")
	return nil
}

func constantOfShape(n *node, in []*array) []*array {
	out := newArray(false, in[0].ints()...)
	if t, ok := n.Attribute("value").(*onnx.Tensor); ok {
		v := arrayOf(t)
		out.whole = v.whole
		if x, ok := v.scalar(); ok {
			for i := range out.data {
				out.data[i] = x
			}
		}
	}
	return one(out)
}

func rangeOf(_ *node, in []*array) []*array {
	from, to, step := in[0].data[0], in[1].data[0], in[2].data[0]
	if step == 0 || (to-from)/step > largestArray {
		fail("a range from %g to %g by %g", from, to, step)
	}
	out := newArray(in[0].whole, 0)
	for i := 0; ; i++ {
		x := from + float64(i)*step
		if step > 0 && x >= to || step < 0 && x <= to {
			break
		}
		out.data = append(out.data, x)
	}
	out.shape[0] = len(out.data)
	return one(out)
}

// cast rounds towards zero where the new type is whole.
func cast(n *node, in []*array) []*array {
	out := &array{in[0].shape, slices.Clone(in[0].data), false}
	switch onnx.Type(n.int("to", int(onnx.Float32))) {
	case onnx.Float32, onnx.Float64, onnx.Float16, onnx.BFloat16:
		if n.Op == "CastLike" && len(in) > 1 {
			out.whole = in[1].whole
		}
	case onnx.Bool:
		for i, x := range out.data {
			out.data[i] = truth(x != 0)
		}
		out.whole = true
	default:
		for i, x := range out.data {
			out.data[i] = towardsZero(x)
		}
		out.whole = true
	}
	return one(out)
}

func towardsZero(x float64) float64 {
	if x > -1e15 && x < 1e15 {
		return float64(int64(x))
	}
	return x
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
