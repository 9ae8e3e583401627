package onnx

func init() {
	Registry.Register("rnn_int8", "RNN, with weights by DequantizeLinear", rnn)
}
