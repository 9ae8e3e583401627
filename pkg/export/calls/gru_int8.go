package calls

func init() {
	Registry.Register("gru_int8", "gated recurrent units with weights of 8-bit integers", gruCall)
}
