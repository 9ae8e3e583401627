package attention

import (
	"testing"

	"dnn/internal/kernel/kerneltest"
)

// goldenBits is the hash of all cases on every machine.
const goldenBits = 0x3b5709bd9bed7b76

func TestVariants(t *testing.T) { kerneltest.CheckVariants(t, attentionCases()) }

func TestGolden(t *testing.T) {
	kerneltest.CheckGolden(t, goldenBits, func(g *kerneltest.Golden) { g.AddCases(attentionCases()) })
}
