package quantize

func init() {
	Methods.Register("minmax", "the largest value seen", &MinMax{})
}

// MinMax cuts nothing off: the largest value seen becomes 127.
type MinMax struct{}

// Cases are examples of it.
func (*MinMax) Cases() []string { return []string{"minmax"} }

// Clip is the largest value.
func (*MinMax) Clip(h *Histogram) float64 { return h.Top }
