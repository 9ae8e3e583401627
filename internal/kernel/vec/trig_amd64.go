//go:build amd64 && !purego

package vec

import "dnn/internal/kernel/cpu"

func init() {
	cpu.Add(cpu.AVX2, func() { active.sin, active.cos = sinAVX2, cosAVX2 })
	cpu.Add(cpu.AVX512, func() { active.sin, active.cos = sinAVX512, cosAVX512 })
}

func sinAVX2(dst, x []float32)   { exceptLarge(dst, x, sinSmallAVX2, sinGeneric) }
func cosAVX2(dst, x []float32)   { exceptLarge(dst, x, cosSmallAVX2, cosGeneric) }
func sinAVX512(dst, x []float32) { exceptLarge(dst, x, sinSmallAVX512, sinGeneric) }
func cosAVX512(dst, x []float32) { exceptLarge(dst, x, cosSmallAVX512, cosGeneric) }

// exceptLarge does with small what it can, which stops at vectors with a large
// argument (see trigLimit), and those with all.
func exceptLarge(dst, x []float32, small func(dst, x []float32) int, all func(dst, x []float32)) {
	for {
		n := small(dst, x)
		dst, x = dst[n:], x[n:]
		if len(x) == 0 {
			return
		}
		n = min(16, len(x))
		all(dst[:n], x[:n])
		dst, x = dst[n:], x[n:]
	}
}
