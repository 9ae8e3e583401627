package stablehlo

func init() {
	Registry.Register("greater_equal", "z = compare GE", mask("GE"))
}
