package stablehlo

func init() {
	Registry.Register("mul", "z = multiply, repeated", both("multiply"))
}
