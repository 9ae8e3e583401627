package onnx

import (
	"dnn/pkg/graph/op"
	file "dnn/pkg/onnx"
)

func init() {
	Registry.Register("gru", "GRU", gru)
}

// gru: ours are r, z, n; ONNX has z, r, n.
var gru = recurrent("GRU", []int{1, 0, 2}, func(a op.RecurrentAttrs) []file.Attribute {
	if a.ResetBefore {
		return []file.Attribute{Set("linear_before_reset", 0)}
	}
	return []file.Attribute{Set("linear_before_reset", 1)}
})
