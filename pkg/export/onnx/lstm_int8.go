package onnx

func init() {
	Registry.Register("lstm_int8", "LSTM, with weights by DequantizeLinear", lstm)
}
