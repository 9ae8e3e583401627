package vec

import (
	"math"
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/scalar"
)

func TestSums(t *testing.T) {
	for _, n := range append(kerneltest.Sizes, 3*SumBlock+5) {
		x, y := kerneltest.Normals(n, 1), kerneltest.Normals(n, 2)
		var sum, squares, absolute, dot float64
		most := math.Inf(-1)
		for i, v := range kerneltest.Doubles(x) {
			sum += v
			squares += v * v
			absolute += math.Abs(v)
			dot += v * float64(y[i])
			most = max(most, v)
		}
		want := []float64{sum, squares, absolute, dot}
		kerneltest.WantNear(t, "sums", []float32{Sum(x), SumSquares(x), SumAbs(x), Dot(x, y)}, want, 1e-5)
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
			kerneltest.WantNear(t, "blocks", []float32{Sum(p)}, want[i:i+1], 1e-5)
		}
	}
}

func TestSumRowsAndColumns(t *testing.T) {
	const rows, cols = 37, 70
	x := kerneltest.Normals(rows*cols, 1)
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
	kerneltest.WantNear(t, "SumRows", r, byRow, 1e-5)
	MaxRows(m, x, cols, 0, rows)
	kerneltest.WantNear(t, "MaxRows", m, most, 0)
	SumColumns(c, x, rows, cols, 0, cols)
	kerneltest.WantNear(t, "SumColumns", c, byCol, 1e-5)
	SumColumns(c, nil, 0, cols, 0, cols)
	kerneltest.WantNear(t, "SumColumns of no rows", c, make([]float64, cols), 0)
}

func reductionCases() []kerneltest.Case {
	var cs []kerneltest.Case
	for kind, data := range kerneltest.Kinds {
		cs = append(cs, kerneltest.Case{Name: "reductions" + kind, Run: func(n int) []float32 {
			x, y := data(n, 1), data(n, 2)
			return []float32{Sum(x), SumSquares(x), SumAbs(x), Dot(x, y), MaxOf(x)}
		}})
	}
	return append(cs,
		kerneltest.Case{Name: "MaxOf of zeros", Run: func(n int) []float32 {
			x := guard.Floats(n)
			for i := range x {
				x[i] = scalar.Copysign(0, kerneltest.Normals(n, 3)[i])
			}
			return []float32{MaxOf(x)}
		}},
		kerneltest.Case{Name: "blocks", Run: func(n int) []float32 {
			x, y := kerneltest.Normals(SumBlock+n, 1), kerneltest.Normals(SumBlock+n, 2)
			p := guard.Floats(4 * Blocks(len(x)))
			b := len(p) / 4
			SumBlocks(p, x, 0, b)
			SumSquaresBlocks(p[b:], x, 0, b)
			SumAbsBlocks(p[2*b:], x, 0, b)
			DotBlocks(p[3*b:], x, y, 0, b)
			return p
		}})
}

func TestMaxOfFindsNaN(t *testing.T) {
	kerneltest.ForVariants(t, func(t *testing.T) {
		for _, n := range []int{1, 8, 63, 64, 130, 200} {
			for at := range n {
				x := kerneltest.Normals(n, 5)
				x[at] = scalar.NaN
				if m := MaxOf(x); m == m {
					t.Errorf("of %d numbers with NaN at %d the largest is %v", n, at, m)
				}
			}
		}
	})
}
