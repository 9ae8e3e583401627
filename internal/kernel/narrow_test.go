package kernel

import (
	"fmt"
	"runtime"
	"testing"
	"unsafe"

	"dnn/internal/kernel/guard"
)

// BenchmarkNarrow works on rows of a few columns; the time is for a row.
func BenchmarkNarrow(b *testing.B) {
	const rows = 1000
	for _, cols := range []int{3, 8} {
		n := rows * cols
		x, y, dy, row, col := normals(n, 1), guard.Floats(n), normals(n, 2), normals(cols, 3), normals(rows, 4)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%d", name, cols), func(b *testing.B) { perElement(b, rows, f) })
		}
		run("AddRow", func() { AddRow(y, x, row, rows, cols) })
		run("AddRowInPlace", func() { AddRow(y, y, row, rows, cols) })
		run("SubRow", func() { SubRow(y, x, row, rows, cols) })
		run("MulRow", func() { MulRow(y, x, row, rows, cols) })
		run("AddCol", func() { AddCol(y, x, col, rows, cols) })
		run("SubCol", func() { SubCol(y, x, col, rows, cols) })
		run("MulCol", func() { MulCol(y, x, col, rows, cols) })
		run("ColumnMoments", func() { ColumnMoments(y[:cols], y[cols:2*cols], x, rows, cols, 0, cols) })
		run("NormalizeColumns", func() { NormalizeColumns(y, x, row, row, row, cols, 0, rows, false) })
		run("NormalizeInPlace", func() { NormalizeColumns(y, y, row, row, row, cols, 0, rows, true) })
		run("NormGradSums", func() { NormGradSums(y, y[cols:], dy, x, row, row, row, rows, cols, 0, cols) })
		run("NormGradX", func() { NormGradX(y, dy, x, row, row, row, row, row, cols, 0, rows) })
		run("Softmax", func() { Softmax(y, x, cols, 0, rows) })
	}
}

// TestNarrow compares with rows taken one by one.
func TestNarrow(t *testing.T) {
	forVariants(t, func(t *testing.T) {
		for cols := 1; cols <= narrow+1; cols++ {
			for _, rows := range []int{1, 8, 9, 64, 129, 200} {
				testNarrow(t, rows, cols)
			}
		}
	})
}

func testNarrow(t *testing.T, rows, cols int) {
	n := rows * cols
	x, dy := mixed(n, 1), mixed(n, 2)
	row, col, mean, rstd, beta := normals(cols, 3), normals(rows, 4), normals(cols, 5), positives(cols, 6), normals(cols, 7)
	for name, f := range map[string]func(o, x, dy, col []float32, rows int){
		"AddRow":           func(o, x, _, _ []float32, rows int) { AddRow(o, x, row, rows, cols) },
		"SubRow":           func(o, x, _, _ []float32, rows int) { SubRow(o, x, row, rows, cols) },
		"MulRow":           func(o, x, _, _ []float32, rows int) { MulRow(o, x, row, rows, cols) },
		"AddCol":           func(o, x, _, col []float32, rows int) { AddCol(o, x, col, rows, cols) },
		"SubCol":           func(o, x, _, col []float32, rows int) { SubCol(o, x, col, rows, cols) },
		"MulCol":           func(o, x, _, col []float32, rows int) { MulCol(o, x, col, rows, cols) },
		"NormalizeColumns": func(o, x, _, _ []float32, rows int) { NormalizeColumns(o, x, mean, rstd, beta, cols, 0, rows, true) },
		"NormGradX": func(o, x, dy, _ []float32, n int) {
			NormGradX(o, dy, x, mean, rstd, beta, row, beta, cols, 0, n)
		},
	} {
		want := guard.Floats(n)
		for i := range rows {
			f(want[i*cols:], x[i*cols:], dy[i*cols:], col[i:i+1], 1)
		}
		got := clone(x)
		f(got, got, dy, col, rows)
		wantSame(t, fmt.Sprintf("%s of %dx%d in place", name, rows, cols), got, want)
	}
	testChains(t, rows, cols, x, dy)
}

// testChains compares sums over few columns with what their order says, written out: chains of every t-th row.
func testChains(t *testing.T, rows, cols int, x, dy []float32) {
	mean, scale, shift := normals(cols, 3), positives(cols, 4), normals(cols, 5)
	chains := rowsAtATime(rows, cols)
	sum := func(add func(sum float32, i, j int) float32) []float32 {
		total := guard.Floats(cols)
		for k := range min(chains, rows) {
			part := guard.Floats(cols)
			for i := k; i < rows; i += chains {
				for j := range part {
					part[j] = add(part[j], i, j)
				}
			}
			for j, v := range part {
				if total[j] += v; k == 0 {
					total[j] = v
				}
			}
		}
		return total
	}
	at := func(v []float32, i, j int) float32 { return v[i*cols+j] }
	gate := func(i, j int) float32 {
		return reluGrad32(at(dy, i, j), fma(at(x, i, j)-mean[j], scale[j], shift[j]), 0)
	}
	wantMean := sum(func(s float32, i, j int) float32 { return s + at(x, i, j) })
	for j := range wantMean {
		wantMean[j] /= float32(rows)
	}
	wantVariance := sum(func(s float32, i, j int) float32 {
		d := at(x, i, j) - wantMean[j]
		return fma(d, d, s)
	})
	for j := range wantVariance {
		wantVariance[j] /= float32(rows)
	}
	gotMean, gotVariance, dyx, dys := guard.Floats(cols), guard.Floats(cols), guard.Floats(cols), guard.Floats(cols)
	ColumnMoments(gotMean, gotVariance, x, rows, cols, 0, cols)
	wantSame(t, fmt.Sprintf("mean of %dx%d", rows, cols), gotMean, wantMean)
	wantSame(t, fmt.Sprintf("variance of %dx%d", rows, cols), gotVariance, wantVariance)
	NormGradSums(dyx, dys, dy, x, mean, scale, shift, rows, cols, 0, cols)
	wantSame(t, "dys", dys, sum(func(s float32, i, j int) float32 { return s + gate(i, j) }))
	wantSame(t, "dyx", dyx, sum(func(s float32, i, j int) float32 { return fma(gate(i, j), at(x, i, j)-mean[j], s) }))
	NormGradSums(dyx, dys, dy, x, mean, nil, nil, rows, cols, 0, cols)
	wantSame(t, "dys without relu", dys, sum(func(s float32, i, j int) float32 { return s + at(dy, i, j) }))
}

// The slice of a repeater lies in it even where the stack grows at that very call. Where a goroutine's stack ends differs
// from depth to depth.
func TestRepeaterOnGrowingStack(t *testing.T) {
	for depth := range 600 {
		apart := make(chan uintptr)
		go func() {
			atDepth(depth, func() {
				var s repeater
				x := s.empty(strip)
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
