package stablehlo

func init() {
	Registry.Register("log", "y = log", unary("log"))
}
