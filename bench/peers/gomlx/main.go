// Command gomlx measures GoMLX on its backend in Go, built with GOEXPERIMENT=simd, which that backend's products profit
// from. It is a module of its own, so that what GoMLX needs reaches neither the program nor the other peers.
package main

import (
	"fmt"

	"dnn/bench/worker"

	"github.com/gomlx/compute"
	_ "github.com/gomlx/compute/gobackend"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

func main() {
	worker.Serve("GoMLX", fmt.Sprintf("%s, compute %s, Go backend, GOEXPERIMENT=simd",
		worker.Version("github.com/gomlx/gomlx"), worker.Version("github.com/gomlx/compute")), isa())
}

// backend is the Go backend on one thread, or as it comes. "parallelism=2" is not asked for: with it the executor of v0.28
// waits for ever now and then.
func backend(threads int) (compute.Backend, error) {
	if threads == 1 {
		return compute.NewWithConfig("go:parallelism=1,ops_sequential")
	}
	return compute.NewWithConfig("go")
}

// execution runs a compiled function of one result again and again, and gives every result back at once.
func execution(e *graph.Exec, in ...any) *worker.Work {
	w := &worker.Work{Run: func(n int) {
		for range n {
			e.MustExec1(in...).MustFinalizeAll()
		}
	}}
	out := e.MustExec1(in...)
	w.Check = worker.MeanSquare(tensors.MustCopyFlatData[float32](out))
	return w
}
