package onnx

func init() { Registry.Register("sign", "Sign", function("Sign")) }
