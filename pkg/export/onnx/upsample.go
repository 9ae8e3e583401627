package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("upsample", "Resize of the nearest, else a product for each axis", func(e *Emitter, n *graph.Node) {
		a, x := n.Attrs.(op.UpsampleAttrs), e.First(0)
		if a.Linear {
			weighted(e, n, x)
			return
		}
		factors := []float32{1, 1}
		for _, f := range a.Factor[:a.Rank] {
			factors = append(factors, float32(f))
		}
		in := []string{x.Name, "", e.Floats("factors", factors, len(factors))}
		e.Put(0, x.As(e.Node("Resize", in, Set("mode", "nearest"), Set("coordinate_transformation_mode", "asymmetric"), Set("nearest_mode", "floor"))))
	})
}
