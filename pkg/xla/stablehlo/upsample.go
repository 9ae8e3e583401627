package stablehlo

func init() {
	Registry.Register("upsample", "y = a product with a matrix for each axis", pooled)
}
