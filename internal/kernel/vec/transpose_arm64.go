//go:build !purego

package vec

import "dnn/internal/kernel/cpu"

func init() { cpu.Add(cpu.NEON, func() { active.transpose = transposeNEON }) }

// transposeNEON goes in strips of four lines of x; what is left over is done one by one.
func transposeNEON(dst, x []float32, rows, cols, ldd, ldx int) {
	r, c := rows&^3, cols&^3
	if r == 0 || c == 0 {
		transposeGeneric(dst, x, rows, cols, ldd, ldx)
		return
	}
	for i := 0; i < c; i += 4 {
		transpose4NEON(&dst[i], &x[i*ldx], r/4, ldd, ldx)
	}
	if r < rows {
		transposeGeneric(dst[r*ldd:], x[r:], rows-r, cols, ldd, ldx)
	}
	if c < cols {
		transposeGeneric(dst[c:], x[c*ldx:], r, cols-c, ldd, ldx)
	}
}
