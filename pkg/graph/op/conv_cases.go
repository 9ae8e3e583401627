package op

import (
	"math"
	"math/rand/v2"

	"dnn/pkg/graph"
)

// convCase is an example of a convolution, for all ops that belong to one.
type convCase struct {
	name        string
	batch, c, o int
	in          []int
	win         Window
	groups      int
}

// square is a window of rank axes that are all alike.
func square(rank, kernel, stride, padding int) Window {
	w := Window{Rank: rank}
	for i := range rank {
		w.Kernel[i], w.Stride[i], w.Dilation[i], w.Before[i], w.After[i] = kernel, stride, 1, padding, padding
	}
	return w
}

var convExamples = []convCase{
	{"valid", 2, 3, 4, []int{5, 6}, square(2, 3, 1, 0), 1},
	{"same", 2, 2, 3, []int{4, 5}, square(2, 3, 1, 1), 1},
	{"pointwise", 3, 5, 7, []int{3, 4}, square(2, 1, 1, 0), 1},
	{"pointwise, stride", 2, 3, 5, []int{5, 4}, square(2, 1, 2, 0), 1},
	{"stride", 2, 3, 2, []int{7, 8}, square(2, 3, 2, 1), 1},
	{"stride beyond the kernel", 1, 2, 3, []int{9, 8}, square(2, 2, 3, 0), 1},
	{"uneven", 2, 2, 3, []int{6, 5}, Window{2, [3]int{4, 2}, [3]int{2, 3}, [3]int{1, 2}, [3]int{1, 0}, [3]int{2, 1}}, 1},
	{"dilation", 1, 3, 2, []int{9, 8}, Window{2, [3]int{3, 3}, [3]int{1, 1}, [3]int{2, 3}, [3]int{2, 3}, [3]int{2, 3}}, 1},
	{"dilation, stride", 1, 2, 3, []int{11, 12}, Window{2, [3]int{3, 2}, [3]int{2, 2}, [3]int{3, 2}, [3]int{1, 0}, [3]int{0, 2}}, 1},
	{"groups", 2, 6, 4, []int{4, 5}, square(2, 3, 1, 1), 2},
	{"depthwise", 2, 5, 5, []int{5, 4}, square(2, 3, 1, 1), 5},
	{"depthwise, stride", 2, 19, 19, []int{6, 7}, square(2, 3, 2, 1), 19},
	{"depthwise, two each", 2, 3, 6, []int{4, 5}, square(2, 3, 1, 1), 3},
	{"1-d", 2, 3, 5, []int{11}, square(1, 4, 1, 0), 1},
	{"1-d, causal", 2, 3, 2, []int{9}, Window{1, [3]int{3}, [3]int{1}, [3]int{2}, [3]int{4}, [3]int{}}, 1},
	{"3-d", 1, 2, 3, []int{3, 4, 5}, square(3, 2, 1, 0), 1},
	{"3-d, same", 1, 2, 2, []int{3, 2, 4}, Window{3, [3]int{3, 1, 3}, [3]int{1, 1, 2}, [3]int{1, 1, 1}, [3]int{1, 0, 1}, [3]int{1, 0, 1}}, 1},
	{"whole image", 3, 2, 9, []int{3, 2}, Window{2, [3]int{3, 2}, [3]int{1, 1}, [3]int{1, 1}, [3]int{}, [3]int{}}, 1},
	{"tiny maps", 13, 4, 35, []int{2, 2}, square(2, 3, 1, 1), 1},
	{"many channels", 1, 37, 70, []int{7, 9}, square(2, 3, 1, 1), 1},
	{"first layer", 3, 1, 33, []int{28, 28}, square(2, 3, 1, 0), 1},
	{"wide groups", 1, 40, 80, []int{7, 13}, square(2, 3, 1, 1), 2},
	{"wide depthwise", 2, 70, 70, []int{9, 13}, square(2, 5, 1, 2), 70},
}

func (c convCase) attrs() ConvAttrs { return ConvAttrs{c.win, c.groups} }

func (c convCase) x() graph.Arg {
	return graph.Normal(append(append([]int{c.batch}, c.in...), c.c)...)
}

// w is drawn so that results have about the variance of the input, as a net's have.
func (c convCase) w() graph.Arg {
	w := graph.Normal(append([]int{c.o, c.c / c.groups}, c.win.Kernel[:c.win.Rank]...)...)
	scale := 1 / math.Sqrt(float64(w.Type.Shape[1:].Size()))
	w.Fill = func(r *rand.Rand) float64 { return scale * r.NormFloat64() }
	return w
}

func (c convCase) y() graph.Arg {
	out, err := c.win.Out(c.in)
	if err != nil {
		panic(err)
	}
	return graph.Normal(append(append([]int{c.batch}, out...), c.o)...)
}

// biasOf has an element for each channel of y. A long one is not differentiated, which would take one of the larger examples
// for each element.
func biasOf(y graph.Arg) graph.Arg {
	a := graph.Normal(y.Type.Shape.Last())
	a.Fixed = y.Type.Shape.Last() > 16
	return a
}

func convCases(in func(c convCase) []graph.Arg) []graph.Case {
	var cases []graph.Case
	for _, c := range convExamples {
		cases = append(cases, graph.Case{Name: c.name, Attrs: c.attrs(), In: in(c)})
	}
	return cases
}

func convTransposeCases(in func(c convCase) []graph.Arg) []graph.Case {
	var cases []graph.Case
	for _, c := range convExamples {
		a := ConvTransposeAttrs{Window: c.win, Groups: c.groups}
		copy(a.Out[:], c.in)
		cases = append(cases, graph.Case{Name: c.name, Attrs: a, In: in(c)})
	}
	return cases
}
