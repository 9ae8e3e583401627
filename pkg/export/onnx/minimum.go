package onnx

func init() { Registry.Register("minimum", "Min", functionOfTwo("Min")) }
