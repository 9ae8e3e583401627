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
		x, y, row, col := kerneltest.Normals(n, 1), guard.Floats(n), kerneltest.Normals(cols, 3), kerneltest.Normals(rows, 4)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%d", name, cols), func(b *testing.B) { kerneltest.PerElement(b, rows, f) })
		}
		run("AddRow", func() { AddRow(y, x, row, rows, cols) })
		run("AddRowInPlace", func() { AddRow(y, y, row, rows, cols) })
		run("SubRow", func() { SubRow(y, x, row, rows, cols) })
		run("MulRow", func() { MulRow(y, x, row, rows, cols) })
		run("AddCol", func() { AddCol(y, x, col, rows, cols) })
		run("SubCol", func() { SubCol(y, x, col, rows, cols) })
		run("MulCol", func() { MulCol(y, x, col, rows, cols) })
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
	x, row, col := kerneltest.Mixed(rows*cols, 1), kerneltest.Normals(cols, 3), kerneltest.Normals(rows, 4)
	for name, f := range map[string]func(o, x, col []float32, rows int){
		"AddRow": func(o, x, _ []float32, rows int) { AddRow(o, x, row, rows, cols) },
		"SubRow": func(o, x, _ []float32, rows int) { SubRow(o, x, row, rows, cols) },
		"MulRow": func(o, x, _ []float32, rows int) { MulRow(o, x, row, rows, cols) },
		"AddCol": func(o, x, col []float32, rows int) { AddCol(o, x, col, rows, cols) },
		"SubCol": func(o, x, col []float32, rows int) { SubCol(o, x, col, rows, cols) },
		"MulCol": func(o, x, col []float32, rows int) { MulCol(o, x, col, rows, cols) },
	} {
		want := guard.Floats(rows * cols)
		for i := range rows {
			f(want[i*cols:], x[i*cols:], col[i:i+1], 1)
		}
		got := guard.Copy(x)
		f(got, got, col, rows)
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
