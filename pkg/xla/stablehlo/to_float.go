package stablehlo

func init() {
	Registry.Register("to_float", "y = convert", one(func(x val) val { return x.as("f32") }))
}
