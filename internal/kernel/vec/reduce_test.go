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
		var sum, squares, dot float64
		most := math.Inf(-1)
		for i, v := range kerneltest.Doubles(x) {
			sum += v
			squares += v * v
			dot += v * float64(y[i])
			most = max(most, v)
		}
		want := []float64{sum, dot}
		kerneltest.WantNear(t, "sums", []float32{Sum(x), Dot(x, y)}, want, 1e-5)
		if m := MaxOf(x); float64(m) != most {
			t.Errorf("MaxOf of %d is %v, want %v", n, m, most)
		}
		p := guard.Floats(Blocks(n))
		for i, f := range []func(lo, hi int){
			func(lo, hi int) { SumBlocks(p, x, lo, hi) },
			func(lo, hi int) { SumSquaresBlocks(p, x, lo, hi) },
		} {
			for b := range p {
				f(b, b+1)
			}
			kerneltest.WantNear(t, "blocks", []float32{Sum(p)}, []float64{sum, squares}[i:i+1], 1e-5)
		}
	}
}

func TestSumRowsAndColumns(t *testing.T) {
	const rows, cols = 37, 70
	x := kerneltest.Normals(rows*cols, 1)
	byRow, byCol := make([]float64, rows), make([]float64, cols)
	for i := range rows {
		for j := range cols {
			v := float64(x[i*cols+j])
			byRow[i] += v
			byCol[j] += v
		}
	}
	r, c := guard.Floats(rows), guard.Floats(cols)
	SumRows(r, x, cols, 0, rows)
	kerneltest.WantNear(t, "SumRows", r, byRow, 1e-5)
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
			return []float32{Sum(x), Dot(x, y), MaxOf(x)}
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
			x := kerneltest.Normals(SumBlock+n, 1)
			p := guard.Floats(2 * Blocks(len(x)))
			b := len(p) / 2
			SumBlocks(p, x, 0, b)
			SumSquaresBlocks(p[b:], x, 0, b)
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
