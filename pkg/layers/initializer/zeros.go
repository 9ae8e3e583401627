package initializer

func init() {
	Registry.Register("zeros", "zero everywhere: biases", &Zeros{})
}

// Zeros fills with 0. Weights that begin alike stay alike, so it is for biases.
type Zeros struct{}

// Cases are examples of it.
func (*Zeros) Cases() []Case {
	return []Case{{Spec: "zeros"}}
}

// Fill clears.
func (*Zeros) Fill(dst []float32, _ Target) { clear(dst) }
