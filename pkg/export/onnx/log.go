package onnx

func init() { Registry.Register("log", "Log", function("Log")) }
