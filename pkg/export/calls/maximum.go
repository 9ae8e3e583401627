package calls

func init() {
	Registry.Register("maximum", "z = the larger of x and y, either repeated", functionOfTwo("maximum"))
}
