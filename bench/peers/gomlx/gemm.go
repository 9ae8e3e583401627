package main

import (
	"encoding/json"

	"dnn/bench/worker"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

func init() {
	worker.Register(func(raw json.RawMessage, threads int) (*worker.Work, error) {
		s, err := worker.Args[struct{ M, N, K int }](raw)
		if err != nil {
			return nil, err
		}
		b, err := backend(threads)
		if err != nil {
			return nil, err
		}
		x := tensors.FromFlatDataAndDimensions(worker.Uniform(s.M*s.K, 1, -1, 1), s.M, s.K)
		y := tensors.FromFlatDataAndDimensions(worker.Uniform(s.K*s.N, 2, -1, 1), s.K, s.N)
		e := graph.MustNewExec(b, func(x, y *graph.Node) *graph.Node { return graph.Dot(x, y).Product() })
		return execution(e, x, y), nil
	})
}
