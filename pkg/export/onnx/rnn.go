package onnx

import (
	"dnn/pkg/graph/op"
	file "dnn/pkg/onnx"
)

func init() {
	Registry.Register("rnn", "RNN", rnn)
}

var rnn = recurrent("RNN", []int{0}, func(a op.RecurrentAttrs) []file.Attribute {
	if a.Act == op.ActRelu {
		return []file.Attribute{Set("activations", []string{"Relu"})}
	}
	return nil
})
