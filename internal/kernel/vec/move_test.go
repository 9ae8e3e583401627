package vec

import (
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

func TestGatherScatter(t *testing.T) {
	const classes, width = 6, 5
	table, idx := kerneltest.Normals(classes*width, 1), []int32{3, 0, 3, 5, 3}
	got := guard.Floats(len(idx) * width)
	Gather(got, table, idx, width, 0, 2)
	Gather(got, table, idx, width, 2, len(idx))
	for i, r := range idx {
		kerneltest.WantSame(t, "Gather", got[i*width:(i+1)*width], table[int(r)*width:int(r+1)*width])
	}

	want, byRows := guard.Copy(table), guard.Copy(table)
	dy := kerneltest.Normals(len(idx)*width, 2)
	for i, r := range idx {
		for j := range width {
			want[int(r)*width+j] += dy[i*width+j]
		}
	}
	ScatterAddRows(byRows, idx, dy, width, 3, classes)
	ScatterAddRows(byRows, idx, dy, width, 0, 3)
	kerneltest.WantSame(t, "ScatterAddRows", byRows, want)
}

func TestOneHot(t *testing.T) {
	got := guard.Floats(9)
	OneHot(got, []int32{2, -1, 0}, 3, 0.9, 0.05, 0, 3)
	kerneltest.WantSame(t, "OneHot", got, []float32{0.05, 0.05, 0.9, 0.05, 0.05, 0.05, 0.9, 0.05, 0.05})
}

func TestTranspose2D(t *testing.T) {
	const rows, cols = 21, 13
	x, dst := kerneltest.Normals(rows*cols, 1), guard.Floats(rows*cols)
	Transpose2D(dst, x, rows, cols, 0, cols)
	for i := range rows {
		for j := range cols {
			if dst[j*rows+i] != x[i*cols+j] {
				t.Fatalf("element %d,%d is %v, want %v", j, i, dst[j*rows+i], x[i*cols+j])
			}
		}
	}
}

func TestFill(t *testing.T) {
	x := guard.Floats(7)
	Fill(x[:5], 2)
	kerneltest.WantSame(t, "Fill", x, []float32{2, 2, 2, 2, 2, 0, 0})
}

func moveCases() []kerneltest.Case {
	return []kerneltest.Case{{Name: "Transpose2D", Run: func(n int) []float32 {
		var out []float32
		for _, cols := range []int{1, 4, 13, 40} {
			dst := guard.Floats(n * cols)
			Transpose2D(dst, kerneltest.Mixed(n*cols, 1), n, cols, 0, cols/2)
			Transpose2D(dst, kerneltest.Mixed(n*cols, 1), n, cols, cols/2, cols)
			out = append(out, dst...)
		}
		return out
	}}}
}
