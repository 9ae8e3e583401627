package calls

func init() { Registry.Register("abs", "y = abs x", function("abs")) }
