package calls

import (
	"dnn/internal/kernel/conv"
	"dnn/internal/kernel/scalar"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("conv", "y = x∗w", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.ConvAttrs)
		s := convShape(a.Window, n.Inputs[0].Shape, n.Outputs[0].Shape, a.Groups)
		w, ok := e.Data(1)
		if !ok {
			e.Refuse("has weights that are not known beforehand")
			return
		}
		if s.Minimal() {
			c := s.C
			e.Call("winograd", e.Out(0), e.In(0), e.Table(filters(w.Floats(), s.C, s.O)), e.Scratch(16*c+16),
				[]int{s.Batch, c, s.O, s.In[1], s.In[2], s.Out[1], s.Out[2], s.Before[1], s.Before[2]})
			return
		}
		taps := s.Kernel[0] * s.Kernel[1] * s.Kernel[2]
		e.Call("conv", e.Out(0), e.In(0), e.Table(tapsFirst(w.Floats(), s.O, s.C/s.Groups, taps)), geometry(s))
	})
}

// convShape is a convolution as the kernels describe it.
func convShape(w op.Window, x, y graph.Shape, groups int) conv.Shape {
	s := conv.Shape{Batch: x[0], C: x.Last(), O: y.Last(), Groups: groups}
	for i := range 3 {
		s.In[i], s.Out[i], s.Kernel[i], s.Stride[i], s.Dilation[i] = 1, 1, 1, 1, 1
	}
	for ax := range w.Rank {
		i := 3 - w.Rank + ax
		s.In[i], s.Out[i], s.Kernel[i], s.Stride[i], s.Dilation[i], s.Before[i] = x[1+ax], y[1+ax], w.Kernel[ax], w.Stride[ax], w.Dilation[ax], w.Before[ax]
	}
	return s
}

// geometry tells a kernel: rows, channels of x and of y, groups, and of three axes the sizes of x and y, kernel, stride, dilation
// and padding before.
func geometry(s conv.Shape) []int {
	table := []int{s.Batch, s.C, s.O, s.Groups}
	for _, three := range [][3]int{s.In, s.Out, s.Kernel, s.Stride, s.Dilation, s.Before} {
		table = append(table, three[:]...)
	}
	return table
}

// tapsFirst lays weights [outputs, inputs, taps] as [outputs, taps, inputs], the order in which they are summed.
func tapsFirst[T any](w []T, outputs, inputs, taps int) []T {
	to := make([]T, len(w))
	for o := range outputs {
		for c := range inputs {
			for t := range taps {
				to[(o*taps+t)*inputs+c] = w[(o*inputs+c)*taps+t]
			}
		}
	}
	return to
}

// outputsLast lays weights [outputs, inputs, taps] as [group, inputs, taps, outputs of the group].
func outputsLast(w []float32, outputs, inputs, taps, groups int) []float32 {
	to := make([]float32, len(w))
	each := outputs / groups
	for o := range outputs {
		for c := range inputs {
			for t := range taps {
				to[((o/each*inputs+c)*taps+t)*each+o%each] = w[(o*inputs+c)*taps+t]
			}
		}
	}
	return to
}

// flipped are weights [outputs, inputs, 9] as [inputs, outputs, 9], taps in descending order.
func flipped(w []float32, outputs, inputs int) []float32 {
	to := make([]float32, len(w))
	for o := range outputs {
		for c := range inputs {
			for t := range 9 {
				to[(c*outputs+o)*9+8-t] = w[(o*inputs+c)*9+t]
			}
		}
	}
	return to
}

// filters are the weights [outputs, inputs, 9] of a convolution of 3×3 taps as minimal filtering multiplies them, G·g·Gᵀ, laid as
// [16, outputs, inputs].
func filters(w []float32, inputs, outputs int) []float32 {
	to := make([]float32, 16*inputs*outputs)
	for o := range outputs {
		for c := range inputs {
			g := w[(o*inputs+c)*9:][:9]
			var half [4][3]float32
			for k := range 3 {
				half[0][k], half[1][k], half[2][k], half[3][k] = filter(g[k], g[3+k], g[6+k])
			}
			for r := range 4 {
				var d [4]float32
				d[0], d[1], d[2], d[3] = filter(half[r][0], half[r][1], half[r][2])
				for s, v := range d {
					to[((r*4+s)*outputs+o)*inputs+c] = v
				}
			}
		}
	}
	return to
}

// filter is four numbers from three by G.
func filter(a, b, c float32) (float32, float32, float32, float32) {
	s := a + c
	return a, scalar.Mul(s+b, 0.5), scalar.Mul(s-b, 0.5), c
}
