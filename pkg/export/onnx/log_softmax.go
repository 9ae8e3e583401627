package onnx

func init() {
	Registry.Register("log_softmax", "LogSoftmax over the last axis", rowFunction("LogSoftmax"))
}
