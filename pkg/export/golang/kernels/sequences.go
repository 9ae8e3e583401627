package kernels

import "dnn/internal/kernel/scalar"

func gather(y, table []float32, ids []int32, n, width int) {
	for i, id := range ids[:n] {
		copy(y[i*width:(i+1)*width], table[int(id)*width:])
	}
}

func toFloat(y []float32, x []int32, n int) {
	for i, v := range x[:n] {
		y[i] = float32(v)
	}
}

func sequenceMask(y []float32, lengths []int32, n, positions int) {
	for i, length := range lengths[:n] {
		for j := 0; j < positions; j++ {
			y[i*positions+j] = 0
			if j < int(length) {
				y[i*positions+j] = 1
			}
		}
	}
}

// scaleLengths is what becomes of lengths where windows slide over sequences.
func scaleLengths(y, x []int32, n, times, plus, by int) {
	for i, v := range x[:n] {
		length := int(v)*times + plus
		if v <= 0 || length < 0 {
			length = 0
		}
		y[i] = int32(length / by)
	}
}

func oneHot(y []float32, ids []int32, n, classes int, on, off float32) {
	for i, id := range ids[:n] {
		for j := 0; j < classes; j++ {
			y[i*classes+j] = off
		}
		y[i*classes+int(id)] = on
	}
}

// walk are the steps of a sequence: how many are valid, and which comes s-th.
type walk struct {
	valid   int
	reverse bool
}

func newWalk(lengths []int32, row, steps, reverse int) walk {
	w := walk{steps, reverse == 1}
	if lengths != nil && int(lengths[row]) < steps {
		w.valid = int(lengths[row])
		if w.valid < 0 {
			w.valid = 0
		}
	}
	return w
}

func (w walk) at(s int) int {
	if w.reverse {
		return w.valid - 1 - s
	}
	return s
}

// state begins a state with that of a row, or zeros.
func state(h, first []float32, row int) {
	for i := range h {
		h[i] = 0
		if first != nil {
			h[i] = first[row*len(h)+i]
		}
	}
}

// times is z = w·h for w [n, len(h)].
func times(z, w, h []float32) {
	k := len(h)
	for j := range z {
		s := float32(0)
		for l, u := range w[j*k : (j+1)*k] {
			s = scalar.FMA(h[l], u, s)
		}
		z[j] = s
	}
}

// hidden is z = w·h, for rows of w from one on; w is nil where its weights are 8-bit integers w8, with a scale for each row. Then h is
// quantized, as if its largest magnitude were least, or more.
func hidden(z, w []float32, w8 []int8, scales []float32, q []int32, h []float32, from int, least float32) {
	k := len(h)
	if w != nil {
		times(z, w[from*k:], h)
		return
	}
	scale := scaleOf(h)
	if scale < least/127 {
		scale = least / 127
	}
	quantize(q, h, scale)
	for j := range z {
		s := int32(0)
		for l, u := range w8[(from+j)*k : (from+j+1)*k] {
			s += q[l] * int32(u)
		}
		z[j] = scalar.Mul(float32(s), scalar.Mul(scale, scales[from+j]))
	}
}

// stepsOf is part of y, what belongs to some steps of a row; nil where y is.
func stepsOf(y []float32, row, steps, from, to, units int) []float32 {
	if y == nil {
		return nil
	}
	return y[(row*steps+from)*units : (row*steps+to)*units]
}

// rest sets the steps of a row beyond its valid ones to 0.
func rest(y []float32, row, steps, valid, units int) {
	d := stepsOf(y, row, steps, valid, steps, units)
	for i := range d {
		d[i] = 0
	}
}

func rnn(y, last, x, w []float32, w8 []int8, scales []float32, q []int32, h0 []float32, lengths []int32, scratch []float32,
	rows, steps, units, reverse int, least float32, f func(float32) float32) {
	h, z := scratch[:units], scratch[units:2*units]
	for row := 0; row < rows; row++ {
		way := newWalk(lengths, row, steps, reverse)
		state(h, h0, row)
		for s := 0; s < way.valid; s++ {
			t := way.at(s)
			hidden(z, w, w8, scales, q, h, 0, least)
			for j, v := range x[(row*steps+t)*units : (row*steps+t+1)*units] {
				h[j] = f(v + z[j])
			}
			copy(stepsOf(y, row, steps, t, t+1, units), h)
		}
		if last != nil {
			copy(last[row*units:], h)
		}
		rest(y, row, steps, way.valid, units)
	}
}

func lstm(y, last, cell, x, w []float32, w8 []int8, scales []float32, q []int32, h0, c0 []float32, lengths []int32, scratch []float32,
	rows, steps, units, reverse int, least float32) {
	n := units
	h, c, z := scratch[:n], scratch[n:2*n], scratch[2*n:6*n]
	for row := 0; row < rows; row++ {
		way := newWalk(lengths, row, steps, reverse)
		state(h, h0, row)
		state(c, c0, row)
		for s := 0; s < way.valid; s++ {
			t := way.at(s)
			hidden(z, w, w8, scales, q, h, 0, least)
			x := x[(row*steps+t)*4*n : (row*steps+t+1)*4*n]
			for j := 0; j < n; j++ {
				i := scalar.Sigmoid(x[j] + z[j])
				f := scalar.Sigmoid(x[n+j] + z[n+j])
				g := scalar.Tanh(x[2*n+j] + z[2*n+j])
				o := scalar.Sigmoid(x[3*n+j] + z[3*n+j])
				c[j] = scalar.Mul(f, c[j]) + scalar.Mul(i, g)
				h[j] = scalar.Mul(o, scalar.Tanh(c[j]))
			}
			copy(stepsOf(y, row, steps, t, t+1, n), h)
		}
		if last != nil {
			copy(last[row*n:], h)
		}
		if cell != nil {
			copy(cell[row*n:], c)
		}
		rest(y, row, steps, way.valid, n)
	}
}

func gru(y, last, x, w []float32, w8 []int8, scales []float32, q []int32, bias, h0 []float32, lengths []int32, scratch []float32,
	rows, steps, units, reverse int, least float32) {
	n := units
	h, z := scratch[:n], scratch[n:4*n]
	for row := 0; row < rows; row++ {
		way := newWalk(lengths, row, steps, reverse)
		state(h, h0, row)
		for s := 0; s < way.valid; s++ {
			t := way.at(s)
			hidden(z, w, w8, scales, q, h, 0, least)
			for j := range z {
				b := float32(0)
				if bias != nil {
					b = bias[j]
				}
				z[j] += b
			}
			x := x[(row*steps+t)*3*n : (row*steps+t+1)*3*n]
			for j := 0; j < n; j++ {
				r := scalar.Sigmoid(x[j] + z[j])
				u := scalar.Sigmoid(x[n+j] + z[n+j])
				m := scalar.Tanh(x[2*n+j] + scalar.Mul(r, z[2*n+j]))
				h[j] = scalar.Mul(1-u, m) + scalar.Mul(u, h[j])
			}
			copy(stepsOf(y, row, steps, t, t+1, n), h)
		}
		if last != nil {
			copy(last[row*n:], h)
		}
		rest(y, row, steps, way.valid, n)
	}
}

// gruBefore is gru whose reset gate multiplies the state before w does.
func gruBefore(y, last, x, w []float32, w8 []int8, scales []float32, q []int32, bias, h0 []float32, lengths []int32, scratch []float32,
	rows, steps, units, reverse int, least float32) {
	n := units
	h, z, kept := scratch[:n], scratch[n:4*n], scratch[4*n:5*n]
	for row := 0; row < rows; row++ {
		way := newWalk(lengths, row, steps, reverse)
		state(h, h0, row)
		for s := 0; s < way.valid; s++ {
			t := way.at(s)
			x := x[(row*steps+t)*3*n : (row*steps+t+1)*3*n]
			hidden(z[:2*n], w, w8, scales, q, h, 0, least)
			for j := 0; j < 2*n; j++ {
				b := float32(0)
				if bias != nil {
					b = bias[j]
				}
				z[j] = scalar.Sigmoid(x[j] + (z[j] + b))
			}
			for j := 0; j < n; j++ {
				kept[j] = scalar.Mul(z[j], h[j])
			}
			hidden(z[2*n:], w, w8, scales, q, kept, 2*n, least)
			for j := 0; j < n; j++ {
				b := float32(0)
				if bias != nil {
					b = bias[2*n+j]
				}
				m := scalar.Tanh(x[2*n+j] + (z[2*n+j] + b))
				h[j] = scalar.Mul(1-z[n+j], m) + scalar.Mul(z[n+j], h[j])
			}
			copy(stepsOf(y, row, steps, t, t+1, n), h)
		}
		if last != nil {
			copy(last[row*n:], h)
		}
		rest(y, row, steps, way.valid, n)
	}
}
