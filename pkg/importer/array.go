package importer

import (
	"fmt"
	"math"
)

// array is a tensor whose numbers are known while a graph is read: an initializer, or what was computed of such and of shapes. All
// types of elements are kept as float64, which holds every number that shapes and weights have.
type array struct {
	shape []int
	data  []float64
	whole bool // integers or booleans: division has no remainder
}

// largestArray is how many numbers may come of constants: more than any table of a net, and few enough for a machine's memory.
const largestArray = 1 << 26

func newArray(whole bool, shape ...int) *array {
	n := 1
	for _, d := range shape {
		if d < 0 || d > 0 && n > largestArray/d {
			fail("constants of shape %v are too large", shape)
		}
		n *= d
	}
	return &array{shape, make([]float64, n), whole}
}

// vector is an array of one axis.
func vector(whole bool, x ...float64) *array { return &array{[]int{len(x)}, x, whole} }

// ints are the elements as whole numbers. Those that are too large for an int become the largest ones: slices end so.
func (a *array) ints() []int {
	out := make([]int, len(a.data))
	for i, x := range a.data {
		out[i] = int(max(math.MinInt32, min(math.MaxInt32, x)))
	}
	return out
}

// floats are the elements as float32.
func (a *array) floats() []float32 {
	out := make([]float32, len(a.data))
	for i, x := range a.data {
		out[i] = float32(x)
	}
	return out
}

// scalar is the only element, if there is but one.
func (a *array) scalar() (float64, bool) {
	if len(a.data) != 1 {
		return 0, false
	}
	return a.data[0], true
}

// all reports whether every element is x.
func (a *array) all(x float64) bool {
	for _, y := range a.data {
		if y != x {
			return false
		}
	}
	return true
}

// strides are how far the elements of each axis are apart.
func strides(shape []int) []int {
	s, n := make([]int, len(shape)), 1
	for i := len(shape) - 1; i >= 0; i-- {
		s[i], n = n, n*shape[i]
	}
	return s
}

// each calls visit for every index of a shape, in order. The index is that of the callee only until it returns.
func each(shape []int, visit func(i int, index []int)) {
	index := make([]int, len(shape))
	for i, n := 0, sizeOf(shape); i < n; i++ {
		visit(i, index)
		for ax := len(shape) - 1; ax >= 0; ax-- {
			if index[ax]++; index[ax] < shape[ax] {
				break
			}
			index[ax] = 0
		}
	}
}

func sizeOf(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// axis resolves an axis that may be counted from the end.
func axisOf(axis, rank int) int {
	at := axis
	if at < 0 {
		at += rank
	}
	if at < 0 || at >= rank {
		fail("axis %d is beyond a tensor of %d axes", axis, rank)
	}
	return at
}

// refusal ends the reading of a node: it cannot be imported.
type refusal struct{ why string }

func fail(format string, args ...any) { panic(refusal{fmt.Sprintf(format, args...)}) }
