package machine

import (
	"syscall"
	"unsafe"
)

// hugePage is the size of a huge page; smaller memory gains nothing from them.
const hugePage = 2 << 20

// askHuge asks Linux to lay memory in huge pages, so that the processor finds its way in it without walking through page tables;
// where it does not, nothing is lost.
func askHuge(raw []byte) {
	if len(raw) < 2*hugePage {
		return
	}
	skip := -int(uintptr(unsafe.Pointer(&raw[0]))) & (hugePage - 1)
	whole := (len(raw) - skip) / hugePage * hugePage
	_ = syscall.Madvise(raw[skip:skip+whole], syscall.MADV_HUGEPAGE)
}
