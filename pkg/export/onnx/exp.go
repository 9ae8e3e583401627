package onnx

func init() { Registry.Register("exp", "Exp", function("Exp")) }
