package op

import (
	"dnn/internal/kernel/rnn"
	"dnn/pkg/graph"
)

// walk64 goes through sequences in float64, one row after the other.
type walk64 struct {
	rnn.Recurrent
	h0, mask []float64
	lengths  []int32
	weights  recurrentIn[graph.Ref]
	least    float32 // see rnn.Integers
}

func newWalk64(r rnn.Recurrent, s recurrentIn[graph.Ref]) walk64 {
	return walk64{Recurrent: r, h0: s.h0.F, mask: s.mask.F, lengths: s.lengths.I, weights: s, least: 1}
}

// products are the sums of the rows of w from the given one on, each times x.
func (w walk64) products(from int, x []float64) []float64 {
	if w.weights.w.I != nil {
		return products8(w.weights.w.I[from*w.Units:], w.weights.scales.F[from:], x, w.least)
	}
	return products(w.weights.w.F[from*w.Units:], x)
}

// times are the steps of a row in the order of the way forward, or of the way back.
func (w walk64) times(row int, back bool) []int {
	n := w.Steps
	if w.lengths != nil {
		n = min(max(int(w.lengths[row]), 0), n)
	}
	times := make([]int, n)
	for s := range times {
		times[s] = s
		if w.Reverse != back {
			times[s] = n - 1 - s
		}
	}
	return times
}

// before is the state [units] that a row had before step t: that of the step before in states, or that of first, or zeros.
func (w walk64) before(row, t int, states, first []float64) []float64 {
	order := w.times(row, false)
	switch {
	case t != order[0] && w.Reverse:
		return part64(states, row*w.Steps+t+1, w.Units)
	case t != order[0]:
		return part64(states, row*w.Steps+t-1, w.Units)
	}
	return w.first(row, first)
}

// first is a row of a state, or zeros.
func (w walk64) first(row int, first []float64) []float64 {
	if first == nil {
		return make([]float64, w.Units)
	}
	return part64(first, row, w.Units)
}

// met is a hidden state times the row's mask.
func (w walk64) met(row int, h []float64) []float64 {
	out := append([]float64{}, h...)
	if w.mask != nil {
		for j := range out {
			out[j] *= w.mask[row*w.Units+j]
		}
	}
	return out
}

// products are the sums of the rows of matrix, each times x.
func products(matrix, x []float64) []float64 {
	out := make([]float64, len(matrix)/len(x))
	for k := range out {
		for i, v := range x {
			out[k] += matrix[k*len(x)+i] * v
		}
	}
	return out
}

// productsBack is the sum of the rows of matrix, each times an element of d.
func productsBack(matrix, d []float64) []float64 {
	out := make([]float64, len(matrix)/len(d))
	for k, v := range d {
		for i := range out {
			out[i] += matrix[k*len(out)+i] * v
		}
	}
	return out
}

// add64 is the sum of two vectors; a nil one stands for zeros.
func add64(x, y []float64) []float64 {
	out := append([]float64{}, x...)
	for i := range y {
		out[i] += y[i]
	}
	return out
}

// gradient64 is the gradient by the states of a row at step t: dy's and what came from later steps.
func (w walk64) gradient64(row, t int, dy, carry []float64) []float64 {
	if dy == nil {
		return carry
	}
	return add64(carry, part64(dy, row*w.Steps+t, w.Units))
}

// part64 is the i-th piece of the given size.
func part64(x []float64, i, size int) []float64 { return x[i*size : (i+1)*size] }
