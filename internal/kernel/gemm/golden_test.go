package gemm

import (
	"fmt"
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

// goldenBits is the hash of the products of gemmShapes on every machine.
const goldenBits = 0x3e759122241fa57b

func TestGolden(t *testing.T) {
	kerneltest.CheckGolden(t, goldenBits, func(golden *kerneltest.Golden) {
		for i, s := range gemmShapes {
			g := Gemm{M: s[0], N: s[1], K: s[2], TransA: i%2 == 0, TransB: i%3 == 0}
			c := guard.Floats(g.M * g.N)
			runGemm(g, c, kerneltest.Normals(g.M*g.K, i), kerneltest.Normals(g.K*g.N, i+100), Epilogue{}, 3)
			golden.Add(fmt.Sprint(g), c)
		}
	})
}
