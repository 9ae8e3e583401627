package cpu

import "dnn/internal/kernel/scalar"

// FMAFlops keeps the processor's multiply-add units busy, with operands that never
// leave the registers, and returns how many floating-point operations that was
// (a fused multiply-add counts as two). Whoever takes the time learns the peak of
// one core under the variant in use, which Gemm can be held against:
//
//	start := time.Now()
//	flops := kernel.FMAFlops(1 << 16)
//	peak := flops / time.Since(start).Seconds()
//
// An iteration is some 12 to 24 processor cycles, so 1<<16 of them last well under
// a millisecond (portable Go: some milliseconds); the best of several such runs is
// what counts, since the first ones find a processor that is still slow.
func FMAFlops(iterations int) float64 {
	if iterations <= 0 {
		return 0
	}
	active.fmaLoop(iterations)
	return float64(iterations) * active.fmaLoopFlops
}

// fmaLoopGeneric does one step of eight chains per iteration.
func fmaLoopGeneric(iterations int) { fmaChains(iterations) }

// fmaChains is not inlined, so that the compiler cannot see that the result is not used.
//
//go:noinline
func fmaChains(iterations int) float32 {
	var acc [8]float32
	for range iterations {
		for i, v := range acc {
			acc[i] = scalar.FMA(v, 0.7, 0.3)
		}
	}
	return acc[0]
}
