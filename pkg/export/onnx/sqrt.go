package onnx

func init() { Registry.Register("sqrt", "Sqrt", function("Sqrt")) }
