package rand

import (
	"testing"

	"dnn/internal/kernel/kerneltest"
)

// goldenBits is the hash of all cases on every machine.
const goldenBits = 0x21947bf5df2d3290

func TestVariants(t *testing.T) { kerneltest.CheckVariants(t, randomCases()) }

func TestGolden(t *testing.T) {
	kerneltest.CheckGolden(t, goldenBits, func(g *kerneltest.Golden) { g.AddCases(randomCases()) })
}
