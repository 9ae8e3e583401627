package stablehlo

func init() {
	Registry.Register("sign", "y = sign", unary("sign"))
}
