package kernel

import (
	"math"
	"testing"

	"dnn/internal/kernel/guard"
)

func TestSums(t *testing.T) {
	for _, n := range append(sizes, 3*SumBlock+5) {
		x, y := normals(n, 1), normals(n, 2)
		var sum, squares, absolute, dot float64
		most := math.Inf(-1)
		for i, v := range doubles(x) {
			sum += v
			squares += v * v
			absolute += math.Abs(v)
			dot += v * float64(y[i])
			most = max(most, v)
		}
		want := []float64{sum, squares, absolute, dot}
		wantNear(t, "sums", []float32{Sum(x), SumSquares(x), SumAbs(x), Dot(x, y)}, want, 1e-5)
		if m := MaxOf(x); float64(m) != most {
			t.Errorf("MaxOf of %d is %v, want %v", n, m, most)
		}
		p := guard.Floats(Blocks(n))
		for i, f := range []func(lo, hi int){
			func(lo, hi int) { SumBlocks(p, x, lo, hi) },
			func(lo, hi int) { SumSquaresBlocks(p, x, lo, hi) },
			func(lo, hi int) { SumAbsBlocks(p, x, lo, hi) },
			func(lo, hi int) { DotBlocks(p, x, y, lo, hi) },
		} {
			for b := range p {
				f(b, b+1)
			}
			wantNear(t, "blocks", []float32{Sum(p)}, want[i:i+1], 1e-5)
		}
	}
}

func TestSumRowsAndColumns(t *testing.T) {
	const rows, cols = 37, 70
	x := normals(rows*cols, 1)
	byRow, byCol, most := make([]float64, rows), make([]float64, cols), make([]float64, rows)
	for i := range rows {
		most[i] = math.Inf(-1)
		for j := range cols {
			v := float64(x[i*cols+j])
			byRow[i] += v
			byCol[j] += v
			most[i] = max(most[i], v)
		}
	}
	r, m, c := guard.Floats(rows), guard.Floats(rows), guard.Floats(cols)
	SumRows(r, x, cols, 0, rows)
	wantNear(t, "SumRows", r, byRow, 1e-5)
	MaxRows(m, x, cols, 0, rows)
	wantNear(t, "MaxRows", m, most, 0)
	SumColumns(c, x, rows, cols, 0, cols)
	wantNear(t, "SumColumns", c, byCol, 1e-5)
	SumColumns(c, nil, 0, cols, 0, cols)
	wantNear(t, "SumColumns of no rows", c, make([]float64, cols), 0)
}
