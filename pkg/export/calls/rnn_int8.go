package calls

func init() {
	Registry.Register("rnn_int8", "a recurrent net with weights of 8-bit integers", rnnCall)
}
