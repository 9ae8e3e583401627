package calls

func init() {
	Registry.Register("greater_equal", "z = 1 where x ≥ y, else 0, either repeated", functionOfTwo("greater_equal"))
}
