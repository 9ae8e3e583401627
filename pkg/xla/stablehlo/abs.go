package stablehlo

func init() {
	Registry.Register("abs", "y = abs", unary("abs"))
}
