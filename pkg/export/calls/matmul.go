package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("matmul", "z = x·y over the last two axes", func(e *Emitter, n *graph.Node) {
		a, x, z := n.Attrs.(op.MatMulAttrs), n.Inputs[0].Shape, n.Outputs[0].Shape
		m, k := x[len(x)-2], x[len(x)-1]
		if a.TransX {
			m, k = k, m
		}
		batch := z[:len(z)-2].Size()
		if !a.TransX && a.TransY && batch == 1 {
			e.Call("dense", e.Out(0), e.In(0), e.In(1), None{}, m, z.Last(), k)
			return
		}
		e.product(0, 1, batch, m, z.Last(), k, a.TransX, a.TransY)
	})
}
