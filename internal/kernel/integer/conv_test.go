package integer

import (
	"fmt"
	"math"
	"testing"

	"dnn/internal/kernel/conv"
	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// TestConv holds convolutions to sums of integers, to the bit, also where groups are computed together or channels apart. The second
// image holds an infinity.
func TestConv(t *testing.T) {
	kerneltest.ForVariants(t, func(t *testing.T) {
		for _, c := range []struct{ batch, in, out, groups, stride int }{
			{2, 3, 5, 1, 1}, {2, 8, 8, 8, 1}, {17, 37, 37, 37, 2}, {2, 6, 12, 6, 1}, {2, 24, 16, 8, 2}, {17, 40, 80, 2, 1}, {2, 70, 35, 35, 1},
		} {
			s := conv.Shape{Batch: c.batch, C: c.in, O: c.out, Groups: c.groups, In: [3]int{1, 5, 7}, Out: [3]int{1, (5-1)/c.stride + 1, (7-1)/c.stride + 1},
				Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, c.stride, c.stride}, Dilation: [3]int{1, 1, 1}, Before: [3]int{0, 1, 1}}
			x, w := kerneltest.Normals(s.Batch*35*s.C, 1), integers(s.O*s.C/s.Groups*9, 2)
			x[35*s.C+3] = float32(math.Inf(1))
			for _, bias := range [][]float32{nil, kerneltest.Normals(s.O, 4)} {
				e := Epilogue{Scales: kerneltest.Positives(s.O, 3), Bias: bias, End: gemm.Epilogue{Act: vec.ActRelu}}
				v := NewConv(s)
				y, q, scales := guard.Floats(s.Batch*s.Out[1]*s.Out[2]*s.O), guard.Floats(v.Quantized), guard.Floats(s.Batch)
				packed, local := guard.Floats(v.Packed), guard.Floats(v.Local)
				v.Pack(packed, w, 0, v.PackUnits)
				v.Quantize(q, scales, x, 0, 0, s.Batch)
				for u := range v.Units {
					v.Run(y, x, q, scales, packed, local, 0, e, u, u+1)
				}
				kerneltest.WantSame(t, fmt.Sprint(c, bias != nil), y, convolved(s, x, w, e))
			}
		}
	})
}

// convolved is the same by the definition, for images and kernels of two axes and a relu.
func convolved(s conv.Shape, x []float32, w []int8, e Epilogue) (y []float32) {
	inputs, outputs, size := s.C/s.Groups, s.O/s.Groups, s.In[1]*s.In[2]*s.C
	for b := range s.Batch {
		q, scale := make([]int8, size), Scale(AbsMax(x[b*size:(b+1)*size]))
		Quantize(q, x[b*size:(b+1)*size], scale)
		for at := range s.Out[1] * s.Out[2] * s.O {
			o, sum := at%s.O, int32(0)
			for tap := range 9 * inputs {
				h, v := at/s.O/s.Out[2]*s.Stride[1]+tap%9/3-1, at/s.O%s.Out[2]*s.Stride[2]+tap%3-1
				if h >= 0 && h < s.In[1] && v >= 0 && v < s.In[2] {
					sum += int32(q[(h*s.In[2]+v)*s.C+o/outputs*inputs+tap/9]) * int32(w[o*inputs*9+tap])
				}
			}
			v := float32(float32(sum) * float32(scale*e.Scales[o]))
			if e.Bias != nil {
				v += e.Bias[o]
			}
			y = append(y, scalar.Relu(v))
		}
	}
	return y
}
