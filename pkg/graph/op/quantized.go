package op

import (
	"fmt"
	"math"
	"math/rand/v2"

	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
)

// quantizedAttrs are what products of 8-bit integers have besides shapes: the scale of what meets the weights, 0 for one of
// each row or image, and the activation function.
type quantizedAttrs struct {
	Scale float32
	Act   Act
	Alpha float64
}

func (a quantizedAttrs) check() error {
	if !(a.Scale >= 0) || math.IsInf(float64(a.Scale), 0) {
		return fmt.Errorf("the scale is %v, want a number of 0 or more", a.Scale)
	}
	return ActivateAttrs{a.Act, a.Alpha}.check()
}

// inputs checks the types of x, w, the scales of w and, if there is one, bias.
func (a quantizedAttrs) inputs(in []graph.Type) error {
	want := []graph.DType{graph.F32, graph.I8, graph.F32}
	if len(in) == 4 {
		want = append(want, graph.F32)
	}
	if err := expect(in, want...); err != nil {
		return err
	}
	if len(in[1].Shape) == 0 {
		return fmt.Errorf("w is %v, want an axis of outputs", in[1].Shape)
	}
	for _, t := range in[2:] {
		if outputs := in[1].Shape[:1]; !t.Shape.Equal(outputs) {
			return fmt.Errorf("w is %v: the scales and bias must be %v, not %v", in[1].Shape, outputs, t.Shape)
		}
	}
	return a.check()
}

// epilogue is that of the kernels.
func (a quantizedAttrs) epilogue(c *graph.Call) integer.Epilogue {
	e := integer.Epilogue{Scales: c.In[2].F, End: gemm.Epilogue{Act: a.Act, Alpha: float32(a.Alpha)}}
	if len(c.In) == 4 {
		e.Bias = c.In[3].F
	}
	return e
}

// quantizeRef is the reference of quantizing a row, in float32 as it is defined: its integers, and its scale.
func (a quantizedAttrs) quantizeRef(x []float64) (q []int32, scale float32) {
	scale = a.Scale
	if scale == 0 {
		for _, v := range x {
			scale = max(scale, float32(math.Abs(v)))
		}
		if scale /= 127; math.IsInf(float64(scale), 0) {
			scale = float32(math.NaN())
		}
	}
	inv := float32(0)
	if scale != 0 {
		inv = 1 / scale
	}
	q = make([]int32, len(x))
	for i, v := range x {
		if r := float64(float32(v) * inv); r == r {
			q[i] = int32(math.RoundToEven(max(-127, min(127, r))))
		}
	}
	return q, scale
}

// finishRef is the reference of what becomes of a sum for output o.
func (a quantizedAttrs) finishRef(in []graph.Ref, sum int32, scale float32, o int) float64 {
	y := float32(float32(sum) * float32(scale*float32(in[2].F[o])))
	if len(in) == 4 {
		y += float32(in[3].F[o])
	}
	return acts[a.Act].value(float64(y), a.Alpha)
}

// fixed reports whether v lies in a variable or a constant, so that what is packed of it need not be packed again.
func fixed(v *graph.Value) bool {
	for v.Node.Op != nil && v.Node.Op.View != nil {
		v = v.Node.Inputs[0]
	}
	return v.Node.Leaf == graph.Variable || v.Node.Leaf == graph.Constant
}

// noGradInt8 is why products of integers have no gradient.
const noGradInt8 = "is for nets that are not trained; gradients go through weights widened to float32"

// int8s is an input of integers in [-127, 127].
func int8s(shape ...int) graph.Arg {
	return graph.Arg{Type: graph.Type{DType: graph.I8, Shape: shape}, Fill: func(r *rand.Rand) float64 { return float64(r.IntN(255) - 127) }}
}

// scalesOf are as those of weights that give results of about the variance of the input.
func scalesOf(w graph.Arg) graph.Arg {
	size := 1.0
	for _, d := range w.Type.Shape[1:] {
		size *= float64(d)
	}
	return graph.Uniform(0.5/(73*math.Sqrt(size)), 1.5/(73*math.Sqrt(size)), w.Type.Shape[0])
}
