package calls

func init() {
	Registry.Register("log_softmax", "y = log(eˣ/Σeˣ) along the last axis", rowFunction("logSoftmax"))
}
