package initializer

func init() {
	Registry.Register("normal", "normal with a mean and a standard deviation", &Normal{})
}

// Normal draws from a normal distribution:
//
//	w ~ N(mean, std²)
type Normal struct {
	Mean float64 `default:"0" range:"(,)" doc:"mean"`
	Std  float64 `default:"0.05" range:"[0,)" doc:"standard deviation"`
}

// Cases are examples of it.
func (*Normal) Cases() []Case {
	return []Case{{Spec: "{type: normal, mean: 2, std: 0.5}", Mean: 2, Std: 0.5, Most: 5}}
}

// Fill draws.
func (n *Normal) Fill(dst []float32, t Target) { t.normal(dst, n.Mean, n.Std) }
