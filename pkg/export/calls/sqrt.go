package calls

func init() { Registry.Register("sqrt", "y = sqrt x", function("sqrt")) }
