package onnx

func init() { Registry.Register("mul", "Mul", functionOfTwo("Mul")) }
