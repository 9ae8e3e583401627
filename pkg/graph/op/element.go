package op

import (
	"fmt"
	"slices"

	"dnn/pkg/graph"
)

// element is how an op that works element by element computes any part of its output; the functions that do not suit it
// are nil. What a part holds does not depend on how the output is cut.
type element struct {
	one   func(dst, x []float32)
	two   func(dst, x, y []float32)
	right func(dst, x []float32, y float32) // two with y repeated
	left  func(dst []float32, x float32, y []float32)
}

// elements tells them by op, from the op's attributes. The ops put themselves here. Dropout does not: drawing the mask
// takes so long that nothing is left to save.
var elements = map[string]func(attrs any) element{}

// CanChain reports whether a node can be a step of a chain.
func CanChain(n *graph.Node) bool {
	if n.Op == nil || elements[n.Op.Name] == nil {
		return false
	}
	var operands []graph.Type
	for _, v := range n.Inputs {
		operands = append(operands, v.Type)
	}
	return fitsChain(operands, n.Outputs[0].Shape) == nil
}

// fitsChain says why operands cannot be those of a step with a result of the given shape.
func fitsChain(operands []graph.Type, s graph.Shape) error {
	whole := false
	for _, t := range operands {
		w, _ := wayOf(t.Shape, s)
		whole = whole || w == wayAll
		if w == wayAcross {
			return fmt.Errorf("%v is not repeated along the rows or columns of %v", t.Shape, s)
		}
	}
	if !whole {
		return fmt.Errorf("all inputs are repeated to %v", s)
	}
	return nil
}

// way is how an operand advances with the elements of a shape.
type way uint8

const (
	wayAll    way = iota // one by one
	wayNumber            // a single number
	wayRow               // from the start again for each row
	wayColumn            // one number for each row
	wayAcross            // in some other way
)

// wayOf also returns the length of a row, for wayRow and wayColumn.
func wayOf(operand, s graph.Shape) (way, int) {
	switch operand.Size() {
	case s.Size():
		return wayAll, 0
	case 1:
		return wayNumber, 0
	}
	if len(operand) > len(s) {
		return wayAcross, 0
	}
	n := newNest(s, broadcastStrides(operand, s))
	if len(n.extent) == 2 {
		switch d := n.stride[0]; {
		case slices.Equal(d, []int{0, 1}):
			return wayRow, n.extent[1]
		case slices.Equal(d, []int{1, 0}):
			return wayColumn, n.extent[1]
		}
	}
	return wayAcross, 0
}
