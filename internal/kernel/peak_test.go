package kernel

import "testing"

func TestFMAFlops(t *testing.T) {
	forVariants(t, func(t *testing.T) {
		if FMAFlops(0) != 0 || FMAFlops(-1) != 0 {
			t.Error("no iterations, but operations")
		}
		if one, ten := FMAFlops(1), FMAFlops(10); one <= 0 || ten != 10*one {
			t.Errorf("one iteration is %v operations, ten are %v", one, ten)
		}
	})
}

// BenchmarkPeak is what all products are to be measured against.
func BenchmarkPeak(b *testing.B) {
	flops := 0.0
	for b.Loop() {
		flops += FMAFlops(1 << 12)
	}
	b.ReportMetric(flops/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
}
