package calls

func init() { Registry.Register("sign", "y = sign x", function("sign")) }
