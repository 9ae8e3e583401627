package onnx

func init() { Registry.Register("div", "Div", functionOfTwo("Div")) }
