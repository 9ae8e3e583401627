package onnx

import (
	"dnn/pkg/graph/op"
	file "dnn/pkg/onnx"
)

func init() {
	Registry.Register("lstm", "LSTM", lstm)
}

// lstm: ours are i, f, g, o; ONNX has i, o, f, g.
var lstm = recurrent("LSTM", []int{0, 3, 1, 2}, func(op.RecurrentAttrs) []file.Attribute { return nil })
