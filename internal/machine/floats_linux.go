package machine

import (
	"syscall"
	"unsafe"
)

// hugePage is the size of a huge page; smaller memory gains nothing from them.
const hugePage = 2 << 20

// Floats makes n zeros for numbers that are gone through again and again. Linux is asked to lay them in huge pages, so that the
// processor finds its way in them without walking through page tables; where it does not, nothing is lost.
func Floats(n int) []float32 {
	x := make([]float32, n)
	if bytes := 4 * n; bytes >= 2*hugePage {
		raw := unsafe.Slice((*byte)(unsafe.Pointer(&x[0])), bytes)
		skip := -int(uintptr(unsafe.Pointer(&x[0]))) & (hugePage - 1)
		whole := (bytes - skip) / hugePage * hugePage
		_ = syscall.Madvise(raw[skip:skip+whole], syscall.MADV_HUGEPAGE)
	}
	return x
}
