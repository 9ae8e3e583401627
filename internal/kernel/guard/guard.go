// Package guard hands out slices for tests of kernels. Each lies between guard words in a larger buffer, at a changing
// offset, so that a load or store beyond either end does not go unnoticed as it would in a slice of its own: a store changes
// a guard word, and a guard word that is loaded is NaN as a float32 and out of range as an index. It is not for parallel tests.
package guard

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"unsafe"
)

// width is how many guard words lie on either side: more than any kernel moves at once.
const width = 96

// block is a buffer with n words in use, from lo on.
type block struct {
	words []uint32
	lo, n int
	site  string // where it was made
}

var live []block

// word is a NaN that differs from place to place.
func word(i int) uint32 { return 0x7fc00000 | uint32(i+1)*0x9e3779b1>>10 }

// newBlock returns n zeros between guard words.
func newBlock(n int) block {
	b := block{lo: width + len(live)*5%16, n: n}
	b.words = make([]uint32, b.lo+n+width)
	for i := range b.lo {
		b.words[i] = word(i)
	}
	for i := b.lo + n; i < len(b.words); i++ {
		b.words[i] = word(i)
	}
	for skip := 2; ; skip++ { // the line of the test that asked for it, not of this file
		_, file, line, ok := runtime.Caller(skip)
		if !ok || filepath.Base(file) != "guard.go" {
			b.site = fmt.Sprintf("%s:%d", filepath.Base(file), line)
			break
		}
	}
	live = append(live, b)
	return b
}

// Words returns n zeros between guard words.
func Words(n int) []uint32 {
	b := newBlock(n)
	return b.words[b.lo : b.lo+n : b.lo+n]
}

// Floats returns n zeros between guard words.
func Floats(n int) []float32 {
	w := Words(n)
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(w))), n)
}

// Ints returns n zeros between guard words.
func Ints(n int) []int32 {
	w := Words(n)
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(w))), n)
}

// Halves returns n zeros between guard words; of an odd number, the half word behind the last is not looked at.
func Halves(n int) []uint16 {
	w := Words((n + 1) / 2)
	return unsafe.Slice((*uint16)(unsafe.Pointer(unsafe.SliceData(w))), n)
}

// Copy returns a copy of x between guard words.
func Copy(x []float32) []float32 {
	y := Floats(len(x))
	copy(y, x)
	return y
}

// Mark returns what Check takes to look at the slices made from here on.
func Mark() int { return len(live) }

// Check fails t if a guard word around a slice made since mark is overwritten, and forgets these slices.
func Check(t testing.TB, mark int) {
	t.Helper()
	for _, text := range overwritten(mark) {
		t.Error(text)
	}
	forget(mark)
}

// Run runs the tests of a package and then checks the slices that no Check has looked at, with
// complaints to w. TestMain calls it.
func Run(m *testing.M, w io.Writer) int {
	code := m.Run()
	for _, text := range overwritten(0) {
		fmt.Fprintln(w, "FAIL:", text)
		code = max(code, 1)
	}
	return code
}

func overwritten(mark int) (texts []string) {
	for _, b := range live[mark:] {
		if i, ok := b.intact(0, b.lo); !ok {
			texts = append(texts, b.complain(i))
		}
		if i, ok := b.intact(b.lo+b.n, len(b.words)); !ok {
			texts = append(texts, b.complain(i))
		}
	}
	return texts
}

// intact returns the first word of a range that is no guard word.
func (b block) intact(from, to int) (at int, ok bool) {
	for i := from; i < to; i++ {
		if b.words[i] != word(i) {
			return i, false
		}
	}
	return 0, true
}

func (b block) complain(i int) string {
	return fmt.Sprintf("element %d of the %d made at %s is overwritten with %#x", i-b.lo, b.n, b.site, b.words[i])
}

func forget(mark int) {
	clear(live[mark:])
	live = slices.Clip(live[:mark])
}
