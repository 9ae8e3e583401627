package kernel

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"testing"

	"dnn/internal/kernel/guard"
)

// goldenBits is the hash of everything that TestGolden computes. It must come out
// on every processor; it changes only when a kernel's meaning does.
const goldenBits = 0x779a6b8b665440cd

// TestGolden computes all cases on a few sizes, and some products, and compares
// one hash of the results, so that machines of different kinds can be compared
// without being in one place. NaN count as equal.
func TestGolden(t *testing.T) {
	cases := allCases()
	forVariants(t, func(t *testing.T) {
		var total uint64
		add := func(name string, x []float32) {
			h := fnv.New64a()
			fmt.Fprint(h, name)
			var b [4]byte
			for _, v := range x {
				if v != v {
					v = nan
				}
				binary.LittleEndian.PutUint32(b[:], math.Float32bits(v))
				h.Write(b[:])
			}
			total += h.Sum64() // a sum, since the order of cases is not fixed
		}
		for _, c := range cases {
			for _, n := range []int{37, 200} {
				add(fmt.Sprint(c.name, n), c.run(n))
			}
		}
		for i, s := range gemmShapes {
			g := Gemm{M: s[0], N: s[1], K: s[2], TransA: i%2 == 0, TransB: i%3 == 0}
			c := guard.Floats(g.M * g.N)
			runGemm(g, c, normals(g.M*g.K, i), normals(g.K*g.N, i+100), Epilogue{}, 3)
			add(fmt.Sprint(g), c)
		}
		if total != goldenBits {
			t.Errorf("the bits are %#x, want %#x", total, uint64(goldenBits))
		}
	})
}
