package pool

import (
	"testing"

	"dnn/internal/kernel/kerneltest"
)

// goldenBits is the hash of all cases on every machine.
const goldenBits = 0x488c5a16b91f05c8

func TestVariants(t *testing.T) { kerneltest.CheckVariants(t, poolCases()) }

func TestGolden(t *testing.T) {
	kerneltest.CheckGolden(t, goldenBits, func(g *kerneltest.Golden) { g.AddCases(poolCases()) })
}
