package calls

func init() { Registry.Register("square", "y = square x", function("square")) }
