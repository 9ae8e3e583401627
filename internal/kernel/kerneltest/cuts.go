package kerneltest

import (
	"fmt"
	"testing"

	"dnn/internal/kernel/guard"
)

// A CutCase has results that units of work [lo,hi) up to total write to out.
type CutCase struct {
	Name  string
	Total int
	Run   func(out []float32, lo, hi int)
}

// CheckCuts runs every case once over all its units and once in pieces, which must make no difference. Results have at most n
// elements.
func CheckCuts(t *testing.T, n int, cases []CutCase) {
	ForVariants(t, func(t *testing.T) {
		for _, c := range cases {
			whole := guard.Floats(n)
			c.Run(whole, 0, c.Total)
			for _, piece := range []int{1, 5, 7} {
				cut := guard.Floats(n)
				for lo := 0; lo < c.Total; lo += piece {
					c.Run(cut, lo, min(lo+piece, c.Total))
				}
				WantSame(t, fmt.Sprintf("%s in pieces of %d", c.Name, piece), cut, whole)
			}
		}
	})
}

// CheckAllocations runs what a training step runs.
func CheckAllocations(t *testing.T, steps map[string]func()) {
	for name, f := range steps {
		ForVariants(t, func(t *testing.T) {
			if a := testing.AllocsPerRun(5, f); a != 0 {
				t.Errorf("%s allocates %v times", name, a)
			}
		})
	}
}
