package onnx

func init() { Registry.Register("greater", "Greater, as a number", comparison("Greater")) }
