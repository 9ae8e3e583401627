package onnx

func init() { Registry.Register("maximum", "Max", functionOfTwo("Max")) }
