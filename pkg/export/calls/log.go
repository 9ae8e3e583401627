package calls

func init() { Registry.Register("log", "y = log x", function("log")) }
