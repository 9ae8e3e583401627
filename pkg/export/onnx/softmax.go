package onnx

func init() { Registry.Register("softmax", "Softmax over the last axis", rowFunction("Softmax")) }
