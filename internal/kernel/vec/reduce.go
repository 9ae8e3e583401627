package vec

import "dnn/internal/kernel/scalar"

// SumBlock is the piece length of SumBlocks and SumSquaresBlocks.
const SumBlock = 4096

// Sum is Σx over 64 strided lanes (see lanes); 0 for no elements.
func Sum(x []float32) float32 { return active.sum(x) }

// Dot is Σa·b, each lane a chain of fma(a, b, lane).
func Dot(a, b []float32) float32 { return active.dot(a, b[:len(a)]) }

// MaxOf is the largest element; NaN if one is NaN, -Inf for no elements.
func MaxOf(x []float32) float32 { return active.maxOf(x) }

// Blocks is how many partial sums the …Blocks functions give for n elements.
func Blocks(n int) int { return (n + SumBlock - 1) / SumBlock }

// SumBlocks writes partial[i] = Sum of block i of x, for the blocks i in
// [lo,hi). With hi-lo pieces on different threads the total is Sum(partial).
func SumBlocks(partial, x []float32, lo, hi int) {
	for i := lo; i < hi; i++ {
		partial[i] = active.sum(block(x, i))
	}
}

// SumSquaresBlocks is SumBlocks for squares.
func SumSquaresBlocks(partial, x []float32, lo, hi int) {
	for i := lo; i < hi; i++ {
		b := block(x, i)
		partial[i] = active.dot(b, b)
	}
}

func block(x []float32, i int) []float32 {
	return x[i*SumBlock : min(len(x), (i+1)*SumBlock)]
}

// SumRows writes dst[i] = Sum of row i of x [rows,cols], for the rows in [lo,hi).
func SumRows(dst, x []float32, cols, lo, hi int) {
	for i := lo; i < hi; i++ {
		dst[i] = active.sum(x[i*cols : (i+1)*cols])
	}
}

// SumColumns writes dst[j] = Σᵢ x[i,j] of x [rows,cols], for the columns in
// [lo,hi): one chain of additions over ascending i from 0.
func SumColumns(dst, x []float32, rows, cols, lo, hi int) {
	if rows == 0 || lo >= hi {
		clear(dst[lo:hi])
		return
	}
	active.sumColumns(dst[lo:hi], x[lo:rows*cols], rows, cols)
}

func sumGeneric(x []float32) float32 {
	var l scalar.Lanes
	for i, v := range x {
		l[i&63] += v
	}
	return l.Sum()
}

func dotGeneric(a, b []float32) float32 {
	var l scalar.Lanes
	for i, v := range a {
		l[i&63] = scalar.FMA(v, b[i], l[i&63])
	}
	return l.Sum()
}

// maxOfGeneric keeps to the lanes too, because +0 and -0 compare equal.
func maxOfGeneric(x []float32) float32 {
	var l scalar.Lanes
	for i := range l {
		l[i] = -scalar.Inf
	}
	for i, v := range x {
		l[i&63] = scalar.Max(l[i&63], v)
	}
	for h := 32; h > 0; h /= 2 {
		for i := range h {
			l[i] = scalar.Max(l[i], l[i+h])
		}
	}
	return l[0]
}

func sumColumnsGeneric(dst, x []float32, rows, stride int) {
	clear(dst)
	for i := range rows {
		for j, v := range x[i*stride:][:len(dst)] {
			dst[j] += v
		}
	}
}
