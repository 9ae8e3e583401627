package stablehlo

func init() {
	Registry.Register("sum_squares", "y = reduce of the squares", one(func(x val) val {
		x = x.mul(x)
		return sum(x.reshape(x.shape.Size()), 0)
	}))
}
