package main

import (
	"encoding/json"
	"fmt"

	"dnn/bench/worker"
	"dnn/internal/kernel/norm"
	"dnn/internal/kernel/prob"
	"dnn/internal/kernel/vec"
	"dnn/internal/parallel"
)

type mapArgs struct {
	Fn         string
	Rows, Cols int
}

var maps = map[string]func(dst, x []float32){"exp": vec.Exp, "tanh": tanh, "copy": func(dst, x []float32) { copy(dst, x) }, "sigmoid": sigmoid}

func sigmoid(dst, x []float32) { vec.Activate(dst, x, vec.ActSigmoid, 0) }

func tanh(dst, x []float32) { vec.Activate(dst, x, vec.ActTanh, 0) }

// A function of rows·cols values from one array into another; softmax works on rows.
func init() {
	worker.Register(func(raw json.RawMessage, threads int) (*worker.Work, error) {
		a, err := worker.Args[mapArgs](raw)
		if err != nil {
			return nil, err
		}
		f := maps[a.Fn]
		if f == nil && a.Fn != "softmax" && a.Fn != "layer_norm" && a.Fn != "read" {
			return nil, fmt.Errorf("no function %s", a.Fn)
		}
		n := a.Rows * a.Cols
		x, dst, pool := worker.Uniform(n, 1, -4, 4), make([]float32, n), parallel.New(threads)
		mean, rstd, gamma, beta := make([]float32, a.Rows), make([]float32, a.Rows), make([]float32, a.Cols), make([]float32, a.Cols)
		vec.Fill(gamma, 1)
		rows := func(_, lo, hi int) {
			switch a.Fn {
			case "softmax":
				prob.Softmax(dst, x, a.Cols, lo, hi)
			case "layer_norm":
				norm.LayerNorm(dst, mean, rstd, x, gamma, beta, a.Cols, 1e-5, lo, hi)
			case "read":
				dst[lo] = vec.Sum(x[lo*a.Cols : hi*a.Cols])
			default:
				f(dst[lo*a.Cols:hi*a.Cols], x[lo*a.Cols:hi*a.Cols])
			}
		}
		w := &worker.Work{Run: func(n int) {
			for range n {
				pool.Run(a.Rows, rows)
			}
		}}
		w.Run(1)
		w.Check = worker.MeanSquare(dst)
		return w, nil
	})
}
