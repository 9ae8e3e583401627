// Command gonum measures gonum's pure Go BLAS.
package main

import (
	"runtime"

	"dnn/bench/worker"
)

func main() { worker.Serve("gonum", worker.Version("gonum.org/v1/gonum"), "SSE") }

// limit makes gonum use so many threads: it starts goroutines without asking.
func limit(threads int) { runtime.GOMAXPROCS(threads) }
