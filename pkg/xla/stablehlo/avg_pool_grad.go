package stablehlo

func init() {
	Registry.Register("avg_pool_grad", "dx = a product with a transposed matrix for each axis", pooledBack("avg_pool"))
}
