package calls

func init() { Registry.Register("sub", "z = x - y, either repeated", functionOfTwo("sub")) }
