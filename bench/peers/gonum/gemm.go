package main

import (
	"encoding/json"

	"dnn/bench/worker"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

func init() {
	worker.Register(func(raw json.RawMessage, threads int) (*worker.Work, error) {
		s, err := worker.Args[struct {
			M, N, K int
			TransB  bool
		}](raw)
		if err != nil {
			return nil, err
		}
		limit(threads)
		trans, ldb := blas.NoTrans, s.N
		if s.TransB {
			trans, ldb = blas.Trans, s.K
		}
		a, b, c := worker.Uniform(s.M*s.K, 1, -1, 1), worker.Uniform(s.K*s.N, 2, -1, 1), make([]float32, s.M*s.N)
		w := &worker.Work{Run: func(n int) {
			for range n {
				gonum.Implementation{}.Sgemm(blas.NoTrans, trans, s.M, s.N, s.K, 1, a, s.K, b, ldb, 0, c, s.N)
			}
		}}
		w.Run(1)
		w.Check = worker.MeanSquare(c)
		return w, nil
	})
}
