package calls

func init() {
	Registry.Register("greater", "z = 1 where x > y, else 0, either repeated", functionOfTwo("greater"))
}
