package quantize

func init() {
	Methods.Register("percentile", "the size that nearly all values seen are below", &Percentile{Percent: 99.99})
}

// Percentile cuts off the largest few values.
type Percentile struct {
	Percent float64 `default:"99.99" range:"(0,100]" doc:"how many of 100 values are not cut off"`
}

// Cases are examples of it.
func (*Percentile) Cases() []string {
	return []string{"percentile", "{type: percentile, percent: 99.9}"}
}

// Clip is the first size that so many values are not above, to the accuracy of the histogram.
func (m *Percentile) Clip(h *Histogram) float64 {
	total, sum := 0.0, 0.0
	for _, n := range h.Counts {
		total += n
	}
	for i, n := range h.Counts {
		if sum += n; sum >= total*m.Percent/100 {
			return h.edge(i)
		}
	}
	return h.Top
}
