// Package parallel runs independent units of work on a fixed set of threads.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// spins is how often an idle worker looks for new work before it goes to sleep. A training step has a new phase every few
// microseconds, a sleeping worker takes longer than that to wake.
const spins = 4000

// Pool is a set of workers. The caller's own goroutine is the first of them; a pool of one thread starts none. A pool is
// used by one goroutine at a time.
type Pool struct {
	threads int
	run     func(lo, hi int)
	units   int
	chunk   int
	next    atomic.Int64  // first unit not yet taken
	epoch   atomic.Uint64 // counts phases; a change means there is work
	busy    atomic.Int64  // workers that have not finished the current phase
	asleep  atomic.Int64
	closed  atomic.Bool
	mu      sync.Mutex
	wake    *sync.Cond
}

// New returns a pool of the given number of threads; 0 or less means as many as the Go runtime may use, which respects
// the CPU limit of a container.
func New(threads int) *Pool {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	p := &Pool{threads: threads}
	p.wake = sync.NewCond(&p.mu)
	for range threads - 1 {
		go p.work()
	}
	return p
}

// Threads is the number of threads, the caller's included.
func (p *Pool) Threads() int { return p.threads }

// Close ends the workers. The pool must be idle.
func (p *Pool) Close() {
	p.closed.Store(true)
	p.epoch.Add(1)
	p.mu.Lock()
	p.wake.Broadcast()
	p.mu.Unlock()
}

// Run calls run for disjoint ranges that make up [0, units), on all threads, and returns when all are done. Units must
// not depend on each other: which thread takes which range is left to chance. It allocates nothing when run is a value
// made beforehand.
func (p *Pool) Run(units int, run func(lo, hi int)) {
	if units <= 0 {
		return
	}
	if p.threads == 1 || units == 1 {
		run(0, units)
		return
	}
	p.run, p.units = run, units
	p.chunk = max(1, units/(4*p.threads)) // several pieces a thread even out unequal speeds
	p.next.Store(0)
	p.busy.Store(int64(p.threads - 1))
	p.epoch.Add(1)
	if p.asleep.Load() > 0 {
		p.mu.Lock()
		p.wake.Broadcast()
		p.mu.Unlock()
	}
	p.take()
	for i := 0; p.busy.Load() > 0; i++ {
		if i > 100 {
			runtime.Gosched()
		}
	}
	p.run = nil
}

// take works on chunks until none is left.
func (p *Pool) take() {
	for {
		lo := int(p.next.Add(int64(p.chunk))) - p.chunk
		if lo >= p.units {
			return
		}
		p.run(lo, min(lo+p.chunk, p.units))
	}
}

func (p *Pool) work() {
	seen := uint64(0)
	for {
		seen = p.await(seen)
		if p.closed.Load() {
			return
		}
		p.take()
		p.busy.Add(-1)
	}
}

// await spins, then sleeps, until the epoch is no longer seen, and returns the new one.
func (p *Pool) await(seen uint64) uint64 {
	for i := range spins {
		if e := p.epoch.Load(); e != seen {
			return e
		}
		if i%64 == 63 {
			runtime.Gosched()
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asleep.Add(1)
	defer p.asleep.Add(-1)
	for p.epoch.Load() == seen {
		p.wake.Wait()
	}
	return p.epoch.Load()
}
