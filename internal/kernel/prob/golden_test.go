package prob

import (
	"testing"

	"dnn/internal/kernel/kerneltest"
)

// goldenBits is the hash of all cases on every machine.
const goldenBits = 0x4e00bdbfc707917f

func TestVariants(t *testing.T) { kerneltest.CheckVariants(t, softmaxCases()) }

func TestGolden(t *testing.T) {
	kerneltest.CheckGolden(t, goldenBits, func(g *kerneltest.Golden) { g.AddCases(softmaxCases()) })
}
