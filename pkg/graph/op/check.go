package op

import (
	"fmt"
	"slices"

	"dnn/pkg/graph"
)

// expect checks the number of inputs and the type of each.
func expect(in []graph.Type, want ...graph.DType) error {
	if len(in) != len(want) {
		return fmt.Errorf("takes %d inputs, got %d", len(want), len(in))
	}
	for i, t := range in {
		if t.DType != want[i] {
			return fmt.Errorf("input %d is %v, want %v", i, t, want[i])
		}
	}
	return nil
}

// expectFloats checks that there are n inputs, all of floats.
func expectFloats(in []graph.Type, n int) error {
	return expect(in, slices.Repeat([]graph.DType{graph.F32}, n)...)
}

// expectSame checks that there are n inputs of floats, all of one shape.
func expectSame(in []graph.Type, n int) error {
	if err := expectFloats(in, n); err != nil {
		return err
	}
	for i, t := range in {
		if !t.Shape.Equal(in[0].Shape) {
			return fmt.Errorf("input %d is %v, but the first is %v", i, t.Shape, in[0].Shape)
		}
	}
	return nil
}

// expectAxis checks that there is one input, of any type, and that it has the axis.
func expectAxis(in []graph.Type, axis int) error {
	if len(in) != 1 {
		return fmt.Errorf("takes 1 input, got %d", len(in))
	}
	if axis < 0 || axis >= in[0].Shape.Rank() {
		return fmt.Errorf("%v has no axis %d", in[0].Shape, axis)
	}
	return nil
}

// expectRank checks that no axis is beyond what loops over strides can count.
func expectRank(s graph.Shape) error {
	if s.Rank() > maxRank {
		return fmt.Errorf("%v has more than %d axes", s, maxRank)
	}
	return nil
}

// checkIDs panics when an id lies outside [0,n). The dataset promises that none does, so it is a mistake of the program;
// going on would read or write a neighbour's memory.
func checkIDs(op string, ids []int32, lo, hi, n int) {
	for i := lo; i < hi; i++ {
		if id := ids[i]; id < 0 || int(id) >= n {
			panic(fmt.Sprintf("%s: id %d at position %d is outside [0,%d)", op, id, i, n))
		}
	}
}

// leading is the shape without its last axis.
func leading(s graph.Shape) graph.Shape { return s[:max(0, len(s)-1)] }

// rowsOf is the number of rows of a value looked at as a matrix [rows, last axis].
func rowsOf(s graph.Shape) int { return leading(s).Size() }
