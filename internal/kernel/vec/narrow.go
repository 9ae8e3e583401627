package vec

import (
	"runtime"
	"unsafe"
)

// Narrow rows are taken several at a time: a row vector repeated, say, ten times is
// one of a matrix with a tenth of the rows. Row by row, each would be a masked load
// that waits for the masked store of the row before, which it seems to overlap.

const (
	Narrow = 32 // columns
	strip  = 64 // elements of several narrow rows, at most
)

// RowsAtATime is how many rows to take as one.
func RowsAtATime(rows, cols int) int {
	if cols < 1 || cols > Narrow || rows*cols < 2*strip {
		return 1
	}
	return strip / cols
}

// A Repeater holds a row vector some times over.
type Repeater [strip]float32

// Repeat returns a slice of s that is not known to be one, since s would have to be
// on the heap if the compiler saw it passed to a loop of the active variant. None of
// them keeps what it is passed. s must be kept alive until the loop is done.
func (s *Repeater) Repeat(row []float32, times int) []float32 {
	if row == nil {
		return nil
	}
	n := times * len(row)
	for i := 0; i < n; i += len(row) {
		copy(s[i:n], row)
	}
	return s.Empty(n)
}

// Empty is the first n numbers of s, whatever they are, as a slice like repeat's. Nothing may be called between taking the
// address and using it, or the stack may have moved away from it: so there is no check of the stack's size here, and no
// instrumentation that calls.
//
//go:nosplit
//go:norace
//go:nocheckptr
func (s *Repeater) Empty(n int) []float32 {
	p := uintptr(unsafe.Pointer(s))
	return unsafe.Slice(*(**float32)(unsafe.Pointer(&p)), n)
}

// toRows is addRows or addReluRows, which takes narrow rows several at a time where nothing lies between them.
func toRows(f func(dst, x, row []float32, rows, stride int), dst, x, row []float32, rows, stride int) {
	if t := RowsAtATime(rows, stride); t > 1 && len(row) == stride {
		var s Repeater
		n := rows / t
		f(dst, x, s.Repeat(row, t), n, t*stride)
		runtime.KeepAlive(&s)
		dst, x, rows = dst[n*t*stride:], x[n*t*stride:], rows%t
	}
	if rows > 0 {
		f(dst, x, row, rows, stride)
	}
}
