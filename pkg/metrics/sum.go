package metrics

import "math"

// sum adds with the rounding error carried along (Neumaier 1974), so that a million small terms after a large one
// still count, and the order of rows hardly shows.
type sum struct{ total, lost float64 }

func (s *sum) add(x float64) {
	t := s.total + x
	if math.Abs(s.total) >= math.Abs(x) {
		s.lost += (s.total - t) + x
	} else {
		s.lost += (x - t) + s.total
	}
	s.total = t
}

func (s *sum) value() float64 {
	if math.IsInf(s.total, 0) { // the carried error is then Inf-Inf
		return s.total
	}
	return s.total + s.lost
}

// mean is the weighted mean of a value per row. Here and elsewhere in this package a product is converted before it is
// added: that keeps compilers of some machines from fusing the two, which would round differently.
type mean struct{ sum, weight sum }

func (m *mean) add(x, weight float64) {
	m.sum.add(float64(x * weight))
	m.weight.add(weight)
}

// value is NaN when there was no row, or all weights were zero.
func (m *mean) value() float64 { return m.sum.value() / m.weight.value() }
