package main

import (
	"encoding/json"

	"dnn/bench/worker"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

var maps = map[string]func(x *graph.Node) *graph.Node{
	"exp":     func(x *graph.Node) *graph.Node { return graph.Exp(x) },
	"tanh":    func(x *graph.Node) *graph.Node { return graph.Tanh(x) },
	"softmax": func(x *graph.Node) *graph.Node { return graph.Softmax(x) },
}

func init() {
	worker.Register(func(raw json.RawMessage, threads int) (*worker.Work, error) {
		a, err := worker.Args[struct {
			Fn         string
			Rows, Cols int
		}](raw)
		if err != nil {
			return nil, err
		}
		b, err := backend(threads)
		if err != nil {
			return nil, err
		}
		x := tensors.FromFlatDataAndDimensions(worker.Uniform(a.Rows*a.Cols, 1, -4, 4), a.Rows, a.Cols)
		return execution(graph.MustNewExec(b, maps[a.Fn]), x), nil
	})
}
