package stablehlo

func init() {
	Registry.Register("upsample_grad", "dx = a product with a transposed matrix for each axis", pooledBack("upsample"))
}
