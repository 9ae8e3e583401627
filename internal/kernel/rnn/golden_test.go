package rnn

import (
	"testing"

	"dnn/internal/kernel/kerneltest"
)

// goldenBits is the hash of all cases on every machine.
const goldenBits = 0x278c93e48ce5387

func TestVariants(t *testing.T) { kerneltest.CheckVariants(t, recurrentCases()) }

func TestGolden(t *testing.T) {
	kerneltest.CheckGolden(t, goldenBits, func(g *kerneltest.Golden) { g.AddCases(recurrentCases()) })
}
