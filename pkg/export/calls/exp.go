package calls

func init() { Registry.Register("exp", "y = exp x", function("exp")) }
