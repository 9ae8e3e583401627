package cpu_test

import (
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/internal/kernel/kerneltest"
)

func TestFMAFlops(t *testing.T) {
	kerneltest.ForVariants(t, func(t *testing.T) {
		if cpu.FMAFlops(0) != 0 || cpu.FMAFlops(-1) != 0 {
			t.Error("no iterations, but operations")
		}
		if one, ten := cpu.FMAFlops(1), cpu.FMAFlops(10); one <= 0 || ten != 10*one {
			t.Errorf("one iteration is %v operations, ten are %v", one, ten)
		}
	})
}

// BenchmarkPeak is what all products are to be measured against.
func BenchmarkPeak(b *testing.B) {
	flops := 0.0
	for b.Loop() {
		flops += cpu.FMAFlops(1 << 12)
	}
	b.ReportMetric(flops/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
}
