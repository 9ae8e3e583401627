package guard

import (
	"strings"
	"testing"
	"unsafe"
)

// A store one element beyond either end is reported with the line that made the slice.
func TestOverwritten(t *testing.T) {
	for name, at := range map[string]int{"before": -1, "behind": 5, "far behind": 5 + width - 1} {
		mark := Mark()
		x := Floats(5)
		*(*float32)(unsafe.Add(unsafe.Pointer(&x[0]), 4*at)) = 1
		found := overwritten(mark)
		forget(mark)
		if len(found) != 1 || !strings.Contains(found[0], "guard_test.go") {
			t.Errorf("%s: found %q", name, found)
		}
	}
}

// What is used can be written, and all that lies around it is NaN.
func TestFloats(t *testing.T) {
	mark := Mark()
	defer Check(t, mark)
	for n := range 40 {
		x := Copy(make([]float32, n))
		if len(x) != n || cap(x) != n {
			t.Fatalf("%d elements with room for %d, want %d", len(x), cap(x), n)
		}
		for i := range x {
			x[i] = 1
		}
		if n == 0 {
			continue
		}
		for i := 1; i <= width; i++ {
			for _, at := range []int{-i, n - 1 + i} {
				if v := *(*float32)(unsafe.Add(unsafe.Pointer(&x[0]), 4*at)); v == v {
					t.Fatalf("element %d of %d is %v, want NaN", at, n, v)
				}
			}
		}
	}
	if found := overwritten(mark); len(found) > 0 {
		t.Error(found)
	}
}
