package stablehlo

func init() {
	Registry.Register("greater", "z = compare GT", mask("GT"))
}
