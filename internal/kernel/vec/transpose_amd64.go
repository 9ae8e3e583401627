//go:build amd64 && !purego

package vec

import "dnn/internal/kernel/cpu"

func init() { cpu.Add(cpu.AVX2, func() { active.transpose = transposeAVX2 }) }

// transposeRows is of how many rows of dst strips are at most: what they write of one should stay in the first-level cache
// for the next.
const transposeRows = 128

// transposeAVX2 goes in strips of eight and four lines of x, the last of which
// may do some lines once more, and in columns of eight likewise; what is too small
// for that is left to the portable loop.
func transposeAVX2(dst, x []float32, rows, cols, ldd, ldx int) {
	if rows < 8 || cols < 4 {
		transposeGeneric(dst, x, rows, cols, ldd, ldx)
		return
	}
	for ; rows >= 2*transposeRows && cols > 8; rows -= transposeRows {
		transposeAVX2(dst, x, transposeRows, cols, ldd, ldx)
		dst, x = dst[transposeRows*ldd:], x[transposeRows:]
	}
	strip := func(f func(dst, x *float32, n, ldd, ldx int), i int) {
		f(&dst[i], &x[i*ldx], rows/8, ldd, ldx)
		if r := rows - 8; rows%8 > 0 {
			f(&dst[r*ldd+i], &x[i*ldx+r], 1, ldd, ldx)
		}
	}
	i := 0
	for ; i+8 <= cols; i += 8 {
		strip(transpose8AVX2, i)
	}
	if i+4 < cols && i > 0 {
		strip(transpose8AVX2, cols-8)
		return
	}
	if i+4 <= cols {
		strip(transpose4AVX2, i)
		i += 4
	}
	if i < cols {
		strip(transpose4AVX2, cols-4)
	}
}
