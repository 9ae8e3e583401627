package stablehlo

func init() {
	Registry.Register("exp", "y = exponential", unary("exponential"))
}
