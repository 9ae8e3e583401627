package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("dense", "y = act(x·w + bias)", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.DenseAttrs)
		m, k, width := n.Inputs[0].Shape[0], n.Inputs[0].Shape[1], n.Outputs[0].Shape[1]
		bias := Arg(None{})
		if len(n.Inputs) == 3 {
			bias = e.In(2)
		}
		if a.TransW {
			e.Call("dense", e.Out(0), e.In(0), e.In(1), bias, m, width, k)
		} else {
			e.product(0, 1, 1, m, width, k, false, false)
			if _, none := bias.(None); !none {
				e.InPlace("combine", e.Out(0), e.Out(0), bias, size(n), nest([]int{m, width}, []int{width, 1}, []int{0, 1}), Func("add"))
			}
		}
		if a.Act != op.ActNone {
			e.activate(e.Out(0), size(n), a.Act, a.Alpha)
		}
	})
}

// product adds a call for a batch of matrix products of two inputs.
func (e *Emitter) product(x, y, batch, m, n, k int, transX, transY bool) {
	rowX, colX, rowY, colY := k, 1, n, 1
	if transX {
		rowX, colX = 1, m
	}
	if transY {
		rowY, colY = 1, k
	}
	e.Call("matmul", e.Out(0), e.In(x), e.In(y), []int{batch, m, n, k, rowX, colX, rowY, colY})
}
