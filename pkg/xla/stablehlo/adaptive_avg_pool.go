package stablehlo

func init() {
	Registry.Register("adaptive_avg_pool", "y = a product with a matrix for each axis", pooled)
}
