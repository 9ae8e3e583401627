package onnx

func init() {
	Registry.Register("gru_int8", "GRU, with weights by DequantizeLinear", gru)
}
