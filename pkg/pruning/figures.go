package pruning

// Figures say how many weights of a parameter are left.
type Figures struct {
	Name     string `json:"name"`
	Layer    string `json:"layer"`
	Weights  int    `json:"weights"`
	NonZeros int    `json:"non_zeros"`
}

// Sparsity is the share of zeros.
func (f Figures) Sparsity() float64 { return 1 - float64(f.NonZeros)/float64(max(1, f.Weights)) }

// Count counts what is left of each parameter.
func Count(list []Weights) []Figures {
	all := make([]Figures, len(list))
	for i, w := range list {
		all[i] = Figures{Name: w.Name, Layer: w.Layer, Weights: len(w.Values)}
		for _, x := range w.Values {
			if x != 0 {
				all[i].NonZeros++
			}
		}
	}
	return all
}

// Total are the figures of all together.
func Total(list []Figures) (all Figures) {
	for _, f := range list {
		all.Weights += f.Weights
		all.NonZeros += f.NonZeros
	}
	return all
}
