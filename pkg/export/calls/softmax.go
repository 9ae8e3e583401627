package calls

func init() {
	Registry.Register("softmax", "y = eˣ/Σeˣ along the last axis", rowFunction("softmax"))
}
