package onnx

func init() { Registry.Register("add", "Add", functionOfTwo("Add")) }
