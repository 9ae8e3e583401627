package norm

import (
	"fmt"
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// BenchmarkNarrow works on rows of a few columns; the time is for a row.
func BenchmarkNarrow(b *testing.B) {
	const rows = 1000
	for _, cols := range []int{3, 8} {
		n := rows * cols
		x, y, dy, row := kerneltest.Normals(n, 1), guard.Floats(n), kerneltest.Normals(n, 2), kerneltest.Normals(cols, 3)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%d", name, cols), func(b *testing.B) { kerneltest.PerElement(b, rows, f) })
		}
		run("ColumnMoments", func() { ColumnMoments(y[:cols], y[cols:2*cols], x, rows, cols, 0, cols) })
		run("NormalizeColumns", func() { NormalizeColumns(y, x, row, row, row, cols, 0, rows, false) })
		run("NormalizeInPlace", func() { NormalizeColumns(y, y, row, row, row, cols, 0, rows, true) })
		run("NormGradSums", func() { NormGradSums(y, y[cols:], dy, x, row, row, row, rows, cols, 0, cols) })
		run("NormGradX", func() { NormGradX(y, dy, x, row, row, row, row, row, cols, 0, rows) })
	}
}

// TestNarrow compares with rows taken one by one.
func TestNarrow(t *testing.T) {
	kerneltest.ForVariants(t, func(t *testing.T) {
		for cols := 1; cols <= vec.Narrow+1; cols++ {
			for _, rows := range []int{1, 8, 9, 64, 129, 200} {
				testNarrow(t, rows, cols)
			}
		}
	})
}

func testNarrow(t *testing.T, rows, cols int) {
	n := rows * cols
	x, dy := kerneltest.Mixed(n, 1), kerneltest.Mixed(n, 2)
	row, mean, rstd, beta := kerneltest.Normals(cols, 3), kerneltest.Normals(cols, 5), kerneltest.Positives(cols, 6), kerneltest.Normals(cols, 7)
	for name, f := range map[string]func(o, x, dy []float32, rows int){
		"NormalizeColumns": func(o, x, _ []float32, rows int) { NormalizeColumns(o, x, mean, rstd, beta, cols, 0, rows, true) },
		"NormGradX":        func(o, x, dy []float32, n int) { NormGradX(o, dy, x, mean, rstd, beta, row, beta, cols, 0, n) },
	} {
		want := guard.Floats(n)
		for i := range rows {
			f(want[i*cols:], x[i*cols:], dy[i*cols:], 1)
		}
		got := guard.Copy(x)
		f(got, got, dy, rows)
		kerneltest.WantSame(t, fmt.Sprintf("%s of %dx%d in place", name, rows, cols), got, want)
	}
	testChains(t, rows, cols, x, dy)
}

// testChains compares sums over few columns with what their order says, written out: chains of every t-th row.
func testChains(t *testing.T, rows, cols int, x, dy []float32) {
	mean, scale, shift := kerneltest.Normals(cols, 3), kerneltest.Positives(cols, 4), kerneltest.Normals(cols, 5)
	chains := vec.RowsAtATime(rows, cols)
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
		return scalar.ReluGrad(at(dy, i, j), scalar.FMA(at(x, i, j)-mean[j], scale[j], shift[j]), 0)
	}
	wantMean := sum(func(s float32, i, j int) float32 { return s + at(x, i, j) })
	for j := range wantMean {
		wantMean[j] /= float32(rows)
	}
	wantVariance := sum(func(s float32, i, j int) float32 {
		d := at(x, i, j) - wantMean[j]
		return scalar.FMA(d, d, s)
	})
	for j := range wantVariance {
		wantVariance[j] /= float32(rows)
	}
	gotMean, gotVariance, dyx, dys := guard.Floats(cols), guard.Floats(cols), guard.Floats(cols), guard.Floats(cols)
	ColumnMoments(gotMean, gotVariance, x, rows, cols, 0, cols)
	kerneltest.WantSame(t, fmt.Sprintf("mean of %dx%d", rows, cols), gotMean, wantMean)
	kerneltest.WantSame(t, fmt.Sprintf("variance of %dx%d", rows, cols), gotVariance, wantVariance)
	NormGradSums(dyx, dys, dy, x, mean, scale, shift, rows, cols, 0, cols)
	kerneltest.WantSame(t, "dys", dys, sum(func(s float32, i, j int) float32 { return s + gate(i, j) }))
	kerneltest.WantSame(t, "dyx", dyx, sum(func(s float32, i, j int) float32 { return scalar.FMA(gate(i, j), at(x, i, j)-mean[j], s) }))
	NormGradSums(dyx, dys, dy, x, mean, nil, nil, rows, cols, 0, cols)
	kerneltest.WantSame(t, "dys without relu", dys, sum(func(s float32, i, j int) float32 { return s + at(dy, i, j) }))
}
