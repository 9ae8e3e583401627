package initializer

import "dnn/internal/kernel/vec"

func init() {
	Registry.Register("ones", "one everywhere: the factors of a norm", &Ones{})
}

// Ones fills with 1.
type Ones struct{}

// Cases are examples of it.
func (*Ones) Cases() []Case {
	return []Case{{Spec: "ones", Mean: 1, Most: 1}}
}

// Fill fills.
func (*Ones) Fill(dst []float32, _ Target) { vec.Fill(dst, 1) }
