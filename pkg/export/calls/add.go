package calls

func init() { Registry.Register("add", "z = x + y, either repeated", functionOfTwo("add")) }
