package vec

import (
	"slices"
	"testing"

	"dnn/internal/kernel/kerneltest"
)

// goldenBits is the hash of all cases on every machine.
const goldenBits = 0x1eec26045294013c

func allCases() []kerneltest.Case {
	return slices.Concat(elementwiseCases(), reductionCases(), broadcastCases(), moveCases())
}

func TestVariants(t *testing.T) { kerneltest.CheckVariants(t, allCases()) }

func TestGolden(t *testing.T) {
	kerneltest.CheckGolden(t, goldenBits, func(g *kerneltest.Golden) { g.AddCases(allCases()) })
}
