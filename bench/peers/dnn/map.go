package main

import (
	"encoding/json"
	"fmt"

	"dnn/bench/worker"
	"dnn/internal/kernel"
	"dnn/internal/parallel"
)

type mapArgs struct {
	Fn         string
	Rows, Cols int
}

var maps = map[string]func(dst, x []float32){"exp": kernel.Exp, "tanh": tanh, "copy": kernel.Copy}

func tanh(dst, x []float32) { kernel.Activate(dst, x, kernel.ActTanh, 0) }

// A function of rows·cols values from one array into another; softmax works on rows.
func init() {
	worker.Register(func(raw json.RawMessage, threads int) (*worker.Work, error) {
		a, err := worker.Args[mapArgs](raw)
		if err != nil {
			return nil, err
		}
		f := maps[a.Fn]
		if f == nil && a.Fn != "softmax" {
			return nil, fmt.Errorf("no function %s", a.Fn)
		}
		n := a.Rows * a.Cols
		x, dst, pool := worker.Uniform(n, 1, -4, 4), make([]float32, n), parallel.New(threads)
		rows := func(_, lo, hi int) {
			if f == nil {
				kernel.Softmax(dst, x, a.Cols, lo, hi)
			} else {
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
