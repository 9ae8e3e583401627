// Package sparse multiplies with matrices most of whose numbers are zero.
//
// Every element is one chain over ascending k from 0, as that of a dense product (package gemm), without the products with
// zeros. Those add nothing, so the bits are the same, but for a sum that is a negative zero, and where an input is not finite.
package sparse

import "fmt"

// Matrix is a matrix [Rows, Cols] that keeps what is not zero, row by row, with the distance from the number before it in its
// row (Han et al. 2016, "Deep compression", section 2). Where that is more than a byte holds, zeros are kept in between. Numbers
// Starts[i] to Starts[i+1] are those of row i; the gap of the first is its column.
type Matrix struct {
	Rows, Cols int
	Values     []float32
	Gaps       []uint8
	Starts     []int32
}

// farthest is the largest gap.
const farthest = 255

// Count is how many numbers a matrix keeps of x.
func Count(x []float32, rows, cols int) (n int) {
	walk(x, rows, cols, func(int, float32, uint8) { n++ })
	return n
}

// walk gives each number that is kept of x to see.
func walk(x []float32, rows, cols int, see func(row int, v float32, gap uint8)) {
	for i := range rows {
		last := 0
		for k, v := range x[i*cols : (i+1)*cols] {
			if v == 0 {
				continue
			}
			for ; k-last > farthest; last += farthest {
				see(i, 0, farthest)
			}
			see(i, v, uint8(k-last))
			last = k
		}
	}
}

// New keeps what is not zero of x [rows, cols].
func New(x []float32, rows, cols int) *Matrix {
	n := Count(x, rows, cols)
	m := &Matrix{rows, cols, make([]float32, 0, n), make([]uint8, 0, n), make([]int32, rows+1)}
	walk(x, rows, cols, func(row int, v float32, gap uint8) {
		m.Values, m.Gaps = append(m.Values, v), append(m.Gaps, gap)
		m.Starts[row+1] = int32(len(m.Values))
	})
	for i := range rows { // those without numbers
		m.Starts[i+1] = max(m.Starts[i+1], m.Starts[i])
	}
	return m
}

// Dense writes rows [lo, hi) to dst, the whole matrix.
func (m *Matrix) Dense(dst []float32, lo, hi int) {
	clear(dst[lo*m.Cols : hi*m.Cols])
	for i := lo; i < hi; i++ {
		at := i * m.Cols
		for e := m.Starts[i]; e < m.Starts[i+1]; e++ {
			at += int(m.Gaps[e])
			dst[at] = m.Values[e]
		}
	}
}

// Valid says what keeps a matrix of a file from being one.
func (m *Matrix) Valid() error {
	n := len(m.Values)
	if len(m.Gaps) != n || len(m.Starts) != m.Rows+1 || m.Starts[0] != 0 || int(m.Starts[m.Rows]) != n {
		return fmt.Errorf("its rows do not have its %d numbers", n)
	}
	for i := range m.Rows {
		lo, hi := m.Starts[i], m.Starts[i+1]
		if lo > hi || int(hi) > n {
			return fmt.Errorf("row %d has the numbers from %d to %d of %d", i, lo, hi, n)
		}
		at := 0
		for e := lo; e < hi; e++ {
			if at += int(m.Gaps[e]); at >= m.Cols || e > lo && m.Gaps[e] == 0 {
				return fmt.Errorf("row %d has a number in column %d of %d, or two in one", i, at, m.Cols)
			}
		}
	}
	return nil
}
