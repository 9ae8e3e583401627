package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("group_norm", "InstanceNormalization of groups of channels", func(e *Emitter, n *graph.Node) {
		a, x := n.Attrs.(op.GroupNormAttrs), e.First(0)
		rank := len(n.Inputs[0].Shape)
		groups := e.Node("Reshape", []string{x.Name, e.Ints(0, a.Groups, -1)})
		y := e.Node("InstanceNormalization", []string{groups, orAll(e, nil, a.Groups, 1), orAll(e, nil, a.Groups, 0)}, Set("epsilon", a.Eps))
		y = e.Node("Reshape", []string{y, e.Node("Shape", []string{x.Name})})
		gamma, beta := affine(e, a.NormAttrs, 1)
		for _, part := range []struct {
			op string
			v  *graph.Value
		}{{"Mul", gamma}, {"Add", beta}} {
			if part.v == nil {
				continue
			}
			by := e.plain(part.v)
			if rank > 2 {
				by = e.Node("Reshape", []string{by, e.Ints(append([]int{-1}, make1(rank-2)...)...)})
			}
			y = e.Node(part.op, []string{y, by})
		}
		e.Put(0, x.As(y))
	})
}

// make1 are so many ones.
func make1(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = 1
	}
	return list
}
