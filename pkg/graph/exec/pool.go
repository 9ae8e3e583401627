package exec

import "dnn/internal/parallel"

// Pool is the threads that programs run on. One goroutine at a time uses a pool, and with it the programs that were
// compiled for it. Close ends the threads.
type Pool = parallel.Pool

// NewPool starts so many threads; 0 means as many as the machine gives.
func NewPool(threads int) *Pool { return parallel.New(threads) }
