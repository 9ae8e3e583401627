package op

import (
	"dnn/internal/kernel/conv"
	"dnn/pkg/graph"
)

// axes lays extents against the right of three.
func (w Window) axes(in []int) [3]int {
	out := [3]int{1, 1, 1}
	copy(out[3-w.Rank:], in[:w.Rank])
	return out
}

// shape is the convolution from x to y as kernels want it.
func (w Window) shape(x, y graph.Shape, groups int) conv.Shape {
	s := conv.Shape{
		Batch: x[0], C: x.Last(), O: y.Last(), Groups: groups,
		In: w.axes(x[1:]), Out: w.axes(y[1:]), Kernel: w.axes(w.Kernel[:]), Stride: w.axes(w.Stride[:]), Dilation: w.axes(w.Dilation[:]),
	}
	copy(s.Before[3-w.Rank:], w.Before[:w.Rank])
	return s
}

// eachProduct visits the products x[xi]·w[wi] that a convolution adds up to y[yi].
func eachProduct(s conv.Shape, visit func(xi, wi, yi int)) {
	inputs, outputs := s.C/s.Groups, s.O/s.Groups
	taps, pixels := s.Kernel[0]*s.Kernel[1]*s.Kernel[2], s.Out[0]*s.Out[1]*s.Out[2]
	for p := range s.Batch * pixels {
		at := split(p%pixels, s.Out)
		for t := range taps {
			from, inside, k := p/pixels, true, split(t, s.Kernel)
			for i := range at {
				j := at[i]*s.Stride[i] + k[i]*s.Dilation[i] - s.Before[i]
				inside = inside && j >= 0 && j < s.In[i]
				from = from*s.In[i] + j
			}
			for o := 0; inside && o < s.O; o++ {
				for c := range inputs {
					visit(from*s.C+o/outputs*inputs+c, (o*inputs+c)*taps+t, p*s.O+o)
				}
			}
		}
	}
}

// split is the place that has number i in a box.
func split(i int, box [3]int) [3]int {
	return [3]int{i / (box[1] * box[2]), i / box[2] % box[1], i % box[2]}
}

// shape is the convolution of a node.
func (a ConvInt8Attrs) shape(n *graph.Node) conv.Shape {
	return a.Window.shape(n.Inputs[0].Shape, n.Outputs[0].Shape, a.Groups)
}
