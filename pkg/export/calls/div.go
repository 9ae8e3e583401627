package calls

func init() { Registry.Register("div", "z = x/y, either repeated", functionOfTwo("div")) }
