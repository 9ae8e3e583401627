package calls

func init() {
	Registry.Register("lstm_int8", "a long short-term memory with weights of 8-bit integers", lstmCall)
}
