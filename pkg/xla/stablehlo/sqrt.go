package stablehlo

func init() {
	Registry.Register("sqrt", "y = sqrt", unary("sqrt"))
}
