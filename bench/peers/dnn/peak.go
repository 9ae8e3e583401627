package main

import (
	"encoding/json"

	"dnn/bench/worker"
	"dnn/internal/kernel/gemm"
	"dnn/internal/parallel"
)

// The most multiplications and additions the machine does: chains of fused multiply-adds that stay in registers, on each
// thread. Where there is no such loop for the processor, a product small enough for the first-level cache stands in.
func init() {
	worker.Register(func(_ json.RawMessage, threads int) (*worker.Work, error) {
		spin, flops := peakLoop()
		if spin == nil {
			spin, flops = smallProduct()
		}
		const rounds = 1000
		pool := parallel.New(threads)
		unit := func(_, lo, hi int) {
			for range hi - lo {
				spin(rounds)
			}
		}
		const units = 16 // shared by the threads
		return &worker.Work{Flops: flops * rounds * units, Run: func(n int) {
			pool.Run(n*units, unit)
		}}, nil
	})
}

func smallProduct() (spin func(n int), flops float64) {
	g := gemm.Gemm{M: 12, N: 32, K: 128}
	a, b := worker.Uniform(g.M*g.K, 1, -1, 1), worker.Uniform(g.K*g.N, 2, -1, 1)
	scratch := make([]float32, g.Scratch())
	g.Pack(scratch, a, b, 0, g.PackUnits())
	return func(n int) {
		c := make([]float32, g.M*g.N)
		for range n {
			g.Run(c, a, b, scratch, gemm.Epilogue{}, 0, g.Units())
		}
	}, g.Flops()
}
