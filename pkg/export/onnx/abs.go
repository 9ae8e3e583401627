package onnx

func init() { Registry.Register("abs", "Abs", function("Abs")) }
