package calls

func init() {
	Registry.Register("minimum", "z = the smaller of x and y, either repeated", functionOfTwo("minimum"))
}
