package stablehlo

func init() {
	Registry.Register("log_softmax", "y = x less the log of the sum of exponentials", one(logSoftmax))
}

func logSoftmax(x val) val {
	x = x.sub(column(reduce(x, "maximum", lowest, x.last())))
	return x.sub(sumKept(x.exp(), x.last()).log())
}
