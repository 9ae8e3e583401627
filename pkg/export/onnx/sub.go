package onnx

func init() { Registry.Register("sub", "Sub", functionOfTwo("Sub")) }
