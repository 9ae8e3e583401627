package initializer

import "dnn/internal/kernel"

func init() {
	Registry.Register("constant", "one number everywhere", &Constant{})
}

// Constant fills with a number. A plain number is short for it: `bias_init: 0.1`.
type Constant struct {
	Value float64 `required:"true" range:"(,)" doc:"the number"`
}

// Fill fills.
func (c *Constant) Fill(dst []float32, _ Target) { kernel.Fill(dst, float32(c.Value)) }
