package calls

func init() { Registry.Register("mul", "z = x·y, either repeated", functionOfTwo("mul")) }
