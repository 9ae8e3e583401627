package stablehlo

func init() {
	Registry.Register("softmax", "y = exponentials over their sum", one(func(x val) val {
		y := x.sub(column(reduce(x, "maximum", lowest, x.last()))).exp()
		return y.div(sumKept(y, y.last()))
	}))
}
