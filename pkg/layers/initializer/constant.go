package initializer

import "dnn/internal/kernel/vec"

func init() {
	Registry.Register("constant", "one number everywhere", &Constant{})
}

// Constant fills with a number. A plain number is short for it: `bias_init: 0.1`.
type Constant struct {
	Value float64 `required:"true" range:"(,)" doc:"the number"`
}

// Cases are examples of it.
func (*Constant) Cases() []Case {
	return []Case{{Spec: "{type: constant, value: 0.25}", Mean: 0.25, Most: 0.25}}
}

// Fill fills.
func (c *Constant) Fill(dst []float32, _ Target) { vec.Fill(dst, float32(c.Value)) }
