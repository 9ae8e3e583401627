package gemm

import (
	"fmt"
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

// TestCrossOfDistantRows has rows of B half pages apart, of which a single row of A takes a line of the cache at a time.
func TestCrossOfDistantRows(t *testing.T) {
	kerneltest.ForVariants(t, func(t *testing.T) {
		for _, k := range []int{3, 16, 40, 71} {
			for _, n := range []int{1, 8, 31, 33, 64, 75} {
				const ldb = 512
				x, b := kerneltest.Normals(k, 1), kerneltest.Normals((n-1)*ldb+k, 2)
				for _, load := range []bool{false, true} {
					got, want := guard.Floats(n), kerneltest.Normals(n, 3)
					copy(got, want)
					Cross(got, x, b, n, k, ldb, 1, n, k, load)
					crossGeneric(want, x, b, n, k, ldb, 1, n, k, load, TileEpilogue{})
					kerneltest.WantSame(t, fmt.Sprintf("%d steps, %d columns, load %v", k, n, load), got, want)
				}
			}
		}
	})
}
