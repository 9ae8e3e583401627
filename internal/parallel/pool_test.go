package parallel

import (
	"sync/atomic"
	"testing"
	"time"
)

func TestRunCoversEachUnitOnce(t *testing.T) {
	for _, threads := range []int{1, 2, 3, 8, 32} {
		p := New(threads)
		for _, units := range []int{0, 1, 2, 7, 64, 1001} {
			count := make([]atomic.Int32, units)
			p.Run(units, func(worker, lo, hi int) {
				if worker < 0 || worker >= threads {
					t.Errorf("worker %d of %d", worker, threads)
				}
				for i := lo; i < hi; i++ {
					count[i].Add(1)
				}
			})
			for i := range count {
				if n := count[i].Load(); n != 1 {
					t.Fatalf("%d threads, unit %d of %d ran %d times", threads, i, units, n)
				}
			}
		}
		p.Close()
	}
}

func TestRunAfterSleep(t *testing.T) {
	p := New(4)
	defer p.Close()
	for range 3 {
		time.Sleep(20 * time.Millisecond)
		var sum atomic.Int64
		p.Run(100, func(_, lo, hi int) { sum.Add(int64(hi - lo)) })
		if sum.Load() != 100 {
			t.Fatalf("ran %d of 100 units", sum.Load())
		}
	}
}

func TestRunAllocatesNothing(t *testing.T) {
	p := New(2)
	defer p.Close()
	var sum atomic.Int64
	run := func(_, lo, hi int) { sum.Add(int64(hi - lo)) }
	if n := testing.AllocsPerRun(100, func() { p.Run(50, run) }); n != 0 {
		t.Fatalf("%v allocations a run", n)
	}
}

func BenchmarkPhase(b *testing.B) {
	p := New(2)
	defer p.Close()
	run := func(worker, lo, hi int) {}
	for b.Loop() {
		p.Run(8, run)
	}
}
