package kernels

import "dnn/internal/kernel/scalar"

// window is a place of a pooled image: where the windows along each axis begin in x, and how many positions they have.
type window struct{ first, count [3]int }

// windowAt is that of place p of the result; table is rows, channels, the sizes of x and of y, and the windows of each axis.
func windowAt(table []int, p int) (w window) {
	out, at := table[5:8], table[8:]
	i := [3]int{p / (out[2] * out[1]) % out[0], p / out[2] % out[1], p % out[2]}
	for ax := 0; ax < 3; ax++ {
		w.first[ax], w.count[ax] = at[2*i[ax]], at[2*i[ax]+1]
		at = at[2*out[ax]:]
	}
	return w
}

func maxPool(y, x []float32, table []int) {
	channels, in, places := table[1], table[2:5], table[5]*table[6]*table[7]
	for p := 0; p < table[0]*places; p++ {
		w := windowAt(table, p%places)
		for c := 0; c < channels; c++ {
			m, some := float32(0), false
			for i := w.first[0]; i < w.first[0]+w.count[0]; i++ {
				for j := w.first[1]; j < w.first[1]+w.count[1]; j++ {
					for k := w.first[2]; k < w.first[2]+w.count[2]; k++ {
						v := x[(((p/places*in[0]+i)*in[1]+j)*in[2]+k)*channels+c]
						if !some {
							m, some = v, true
						} else {
							m = scalar.Max(v, m)
						}
					}
				}
			}
			y[p*channels+c] = m
		}
	}
}

// sumPool sums windows; the weights of their elements follow one another, place by place.
func sumPool(y, x, weights, divs []float32, table []int) {
	channels, in, places := table[1], table[2:5], table[5]*table[6]*table[7]
	for row := 0; row < table[0]; row++ {
		weights := weights
		for p := 0; p < places; p++ {
			w := windowAt(table, p)
			size := w.count[0] * w.count[1] * w.count[2]
			for c := 0; c < channels; c++ {
				s, n := float32(0), 0
				for i := w.first[0]; i < w.first[0]+w.count[0]; i++ {
					for j := w.first[1]; j < w.first[1]+w.count[1]; j++ {
						for k := w.first[2]; k < w.first[2]+w.count[2]; k++ {
							v := x[(((row*in[0]+i)*in[1]+j)*in[2]+k)*channels+c]
							if n == 0 {
								s = scalar.Mul(weights[0], v)
							} else {
								s = scalar.FMA(weights[n], v, s)
							}
							n++
						}
					}
				}
				if divs[p] != 1 {
					s /= divs[p]
				}
				y[(row*places+p)*channels+c] = s
			}
			weights = weights[size:]
		}
	}
}
