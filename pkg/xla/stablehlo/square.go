package stablehlo

func init() {
	Registry.Register("square", "y = multiply x by x", one(func(x val) val { return x.mul(x) }))
}
