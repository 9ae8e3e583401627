package kernel

import (
	"runtime"
	"unsafe"
)

// Narrow rows are taken several at a time: a row vector repeated, say, ten times is
// one of a matrix with a tenth of the rows. Row by row, each would be a masked load
// that waits for the masked store of the row before, which it seems to overlap.

const (
	narrow = 32 // columns
	strip  = 64 // elements of several narrow rows, at most
)

// rowsAtATime is how many rows to take as one.
func rowsAtATime(rows, cols int) int {
	if cols < 1 || cols > narrow || rows*cols < 2*strip {
		return 1
	}
	return strip / cols
}

// A repeater holds a row vector some times over.
type repeater [strip]float32

// repeat returns a slice of s that is not known to be one, since s would have to be
// on the heap if the compiler saw it passed to a loop of the active variant. None of
// them keeps what it is passed. s must be kept alive until the loop is done.
func (s *repeater) repeat(row []float32, times int) []float32 {
	if row == nil {
		return nil
	}
	n := times * len(row)
	for i := 0; i < n; i += len(row) {
		copy(s[i:n], row)
	}
	return s.empty(n)
}

// empty is the first n numbers of s, whatever they are, as a slice like repeat's. Nothing may be called between taking the
// address and using it, or the stack may have moved away from it: so there is no check of the stack's size here, and no
// instrumentation that calls.
//
//go:nosplit
//go:norace
//go:nocheckptr
func (s *repeater) empty(n int) []float32 {
	p := uintptr(unsafe.Pointer(s))
	return unsafe.Slice(*(**float32)(unsafe.Pointer(&p)), n)
}

// addToRows is addRows or addReluRows for rows without gaps between.
func addToRows(f func(dst, x, row []float32, rows, stride int), dst, x, row []float32, rows int) {
	cols := len(row)
	if t := rowsAtATime(rows, cols); t > 1 {
		var s repeater
		n := rows / t
		f(dst, x, s.repeat(row, t), n, t*cols)
		runtime.KeepAlive(&s)
		dst, x, rows = dst[n*t*cols:], x[n*t*cols:], rows%t
	}
	if rows > 0 {
		f(dst, x, row, rows, cols)
	}
}

// withRow applies f to every row and the same vector.
func withRow(f func(dst, a, b []float32), dst, x, row []float32, rows int) {
	cols := len(row)
	var s repeater
	if t := rowsAtATime(rows, cols); t > 1 {
		wide := s.repeat(row, t)
		for ; rows >= t; rows -= t {
			f(dst[:t*cols], x[:t*cols], wide)
			dst, x = dst[t*cols:], x[t*cols:]
		}
		runtime.KeepAlive(&s)
	}
	for o := 0; o < rows*cols; o += cols {
		f(dst[o:o+cols], x[o:o+cols], row)
	}
}

// withCol applies f to every row and a vector of the row's own element of col.
func withCol(f func(dst, a, b []float32), dst, x, col []float32, cols int) {
	var s repeater
	t := strip / cols
	wide := s.repeat(s[:cols], t)
	for len(col) > 0 {
		n := min(t, len(col))
		for i, v := range col[:n] {
			r := wide[i*cols : (i+1)*cols]
			for j := range r {
				r[j] = v
			}
		}
		f(dst[:n*cols], x[:n*cols], wide[:n*cols])
		dst, x, col = dst[n*cols:], x[n*cols:], col[n:]
	}
	runtime.KeepAlive(&s)
}

// fewCols says whether withCol pays.
func fewCols(rows, cols int) bool { return cols <= 4 && rowsAtATime(rows, cols) > 1 }
