package main

import (
	"encoding/json"

	"dnn/bench/worker"
	"dnn/internal/kernel/gemm"
	"dnn/internal/parallel"
)

// A product as the graph runs it: pack, wait for all, multiply. Packing is timed every time.
func init() {
	worker.Register(func(raw json.RawMessage, threads int) (*worker.Work, error) {
		g, err := worker.Args[gemm.Gemm](raw)
		if err != nil {
			return nil, err
		}
		a, b, c := worker.Uniform(g.M*g.K, 1, -1, 1), worker.Uniform(g.K*g.N, 2, -1, 1), make([]float32, g.M*g.N)
		scratch, pool := make([]float32, g.Scratch()), parallel.New(threads)
		pack := func(_, lo, hi int) { g.Pack(scratch, a, b, lo, hi) }
		run := func(_, lo, hi int) { g.Run(c, a, b, scratch, gemm.Epilogue{}, lo, hi) }
		w := &worker.Work{Run: func(n int) {
			for range n {
				if u := g.PackUnits(); u > 0 {
					pool.Run(u, pack)
				}
				pool.Run(g.Units(), run)
			}
		}}
		w.Run(1)
		w.Check = worker.MeanSquare(c)
		return w, nil
	})
}
