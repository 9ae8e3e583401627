package stablehlo

func init() {
	Registry.Register("div", "z = divide, repeated", both("divide"))
}
