package stablehlo

func init() {
	Registry.Register("sub", "z = subtract, repeated", both("subtract"))
}
