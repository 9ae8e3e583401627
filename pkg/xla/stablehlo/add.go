package stablehlo

func init() {
	Registry.Register("add", "z = add, repeated", both("add"))
}
