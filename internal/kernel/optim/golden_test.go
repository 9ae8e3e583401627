package optim

import (
	"testing"

	"dnn/internal/kernel/kerneltest"
)

// goldenBits is the hash of all cases on every machine.
const goldenBits = 0x3235e985874beeb2

func TestVariants(t *testing.T) { kerneltest.CheckVariants(t, optimizerCases()) }

func TestGolden(t *testing.T) {
	kerneltest.CheckGolden(t, goldenBits, func(g *kerneltest.Golden) { g.AddCases(optimizerCases()) })
}
