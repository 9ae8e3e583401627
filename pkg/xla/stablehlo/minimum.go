package stablehlo

func init() {
	Registry.Register("minimum", "z = minimum, repeated", both("minimum"))
}
