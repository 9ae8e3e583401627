package vec

import (
	"fmt"
	"runtime"
	"testing"
	"unsafe"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

// BenchmarkNarrow works on rows of a few columns; the time is for a row.
func BenchmarkNarrow(b *testing.B) {
	const rows = 1000
	for _, cols := range []int{3, 8} {
		n := rows * cols
		x, y, row := kerneltest.Normals(n, 1), guard.Floats(n), kerneltest.Normals(cols, 3)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%d", name, cols), func(b *testing.B) { kerneltest.PerElement(b, rows, f) })
		}
		run("AddRows", func() { AddRows(y, x, row, rows, cols) })
		run("AddRowsInPlace", func() { AddRows(y, y, row, rows, cols) })
		run("AddReluRows", func() { AddReluRows(y, x, row, rows, cols) })
	}
}

// TestNarrow compares with rows taken one by one.
func TestNarrow(t *testing.T) {
	kerneltest.ForVariants(t, func(t *testing.T) {
		for cols := 1; cols <= Narrow+1; cols++ {
			for _, rows := range []int{1, 8, 9, 64, 129, 200} {
				testNarrow(t, rows, cols)
			}
		}
	})
}

func testNarrow(t *testing.T, rows, cols int) {
	x, row := kerneltest.Mixed(rows*cols, 1), kerneltest.Normals(cols, 3)
	for name, f := range map[string]func(dst, x, row []float32, rows, stride int){"AddRows": AddRows, "AddReluRows": AddReluRows} {
		want := guard.Floats(rows * cols)
		for i := range rows {
			f(want[i*cols:], x[i*cols:], row, 1, cols)
		}
		got := guard.Copy(x)
		f(got, got, row, rows, cols)
		kerneltest.WantSame(t, fmt.Sprintf("%s of %dx%d in place", name, rows, cols), got, want)
	}
}

// The slice of a repeater lies in it even where the stack grows at that very call. Where a goroutine's stack ends differs
// from depth to depth.
func TestRepeaterOnGrowingStack(t *testing.T) {
	for depth := range 600 {
		apart := make(chan uintptr)
		go func() {
			atDepth(depth, func() {
				var s Repeater
				x := s.Empty(strip)
				apart <- uintptr(unsafe.Pointer(&x[0])) - uintptr(unsafe.Pointer(&s))
				runtime.KeepAlive(&s)
			})
		}()
		if n := <-apart; n != 0 {
			t.Fatalf("called %d deep, the slice lies %d bytes apart from what it is of", depth, int(n))
		}
	}
}

//go:noinline
func atDepth(n int, f func()) (used byte) {
	var frame [16]byte
	if n == 0 {
		f()
		return 0
	}
	frame[n%16] = byte(n)
	return atDepth(n-1, f) + frame[5]
}
