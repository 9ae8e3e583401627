package norm

import (
	"slices"
	"testing"

	"dnn/internal/kernel/kerneltest"
)

// goldenBits is the hash of all cases on every machine.
const goldenBits = 0xa216d066df1b1d42

func allCases() []kerneltest.Case {
	return slices.Concat(layerCases(), batchCases())
}

func TestVariants(t *testing.T) { kerneltest.CheckVariants(t, allCases()) }

func TestGolden(t *testing.T) {
	kerneltest.CheckGolden(t, goldenBits, func(g *kerneltest.Golden) { g.AddCases(allCases()) })
}
