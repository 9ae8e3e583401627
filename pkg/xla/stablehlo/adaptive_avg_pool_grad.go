package stablehlo

func init() {
	Registry.Register("adaptive_avg_pool_grad", "dx = a product with a transposed matrix for each axis", pooledBack("adaptive_avg_pool"))
}
