package onnx

func init() {
	Registry.Register("greater_equal", "GreaterOrEqual, as a number", comparison("GreaterOrEqual"))
}
