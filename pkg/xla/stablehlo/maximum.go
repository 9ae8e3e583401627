package stablehlo

func init() {
	Registry.Register("maximum", "z = maximum, repeated", both("maximum"))
}
