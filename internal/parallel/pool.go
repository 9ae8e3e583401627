// Package parallel runs independent units of work on a fixed set of threads.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// spins is how often an idle worker looks for new work before it goes to sleep. A training step has a new phase every few
// microseconds, a sleeping worker takes longer than that to wake.
const spins = 20000

// Pool is a set of workers. The caller's own goroutine is the first of them; a pool of one thread starts none. A pool is
// used by one goroutine at a time.
//
// A phase of work is cut into chunks, of which each thread has a share of neighbours. It claims them one by one, and then
// those of others, so a worker that sleeps or is held up by other programs delays nothing but the chunk it holds: the others
// do the rest. Where phases are cut alike, as those over the rows of a batch, a thread finds in its own cache what it has
// written in the phase before.
type Pool struct {
	threads int
	spin    int

	// The current phase. Written before its chunks are offered, and not again before all of them are done.
	run   func(worker, lo, hi int)
	units int
	chunk int

	phase  atomic.Uint32
	shares []share
	done   atomic.Int64 // chunks finished
	asleep atomic.Int64
	closed atomic.Bool
	mu     sync.Mutex
	wake   *sync.Cond
}

// share is what a thread has to do in a phase.
type share struct {
	left atomic.Uint64 // number of the phase in the high half, chunks not yet claimed in the low half
	end  int           // the chunk behind the last
	_    [112]byte     // shares lie in cache lines of their own, and apart from the pair that is fetched together
}

// New returns a pool of the given number of threads; 0 or less means as many as the Go runtime may use, which respects
// the CPU limit of a container.
func New(threads int) *Pool {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	p := &Pool{threads: threads, spin: spins, shares: make([]share, threads)}
	if threads > runtime.GOMAXPROCS(0) {
		p.spin = 0 // spinning would take the processor from those who work
	}
	p.wake = sync.NewCond(&p.mu)
	for i := range threads - 1 {
		go p.work(i + 1)
	}
	return p
}

// Threads is the number of threads, the caller's included.
func (p *Pool) Threads() int { return p.threads }

// Close ends the workers. The pool must be idle.
func (p *Pool) Close() {
	p.closed.Store(true)
	p.mu.Lock()
	p.wake.Broadcast()
	p.mu.Unlock()
}

// Run calls run for disjoint ranges that make up [0, units), on all threads, and returns when all are done. Units must
// not depend on each other: which thread takes which range is left to chance. run is told which worker it is, a number below
// Threads, so that each may have memory of its own; nothing else may depend on it. It allocates nothing when run is a value
// made beforehand.
func (p *Pool) Run(units int, run func(worker, lo, hi int)) {
	if units <= 0 {
		return
	}
	if p.threads == 1 || units == 1 {
		run(0, 0, units)
		return
	}
	p.run, p.units = run, units
	p.chunk = max(1, units/(32*p.threads)) // many pieces a thread even out unequal speeds
	chunks := (units + p.chunk - 1) / p.chunk
	p.done.Store(0)
	phase := uint64(p.phase.Load()+1) << 32
	for i := range p.shares {
		from, to := chunks*i/p.threads, chunks*(i+1)/p.threads
		p.shares[i].end = to
		p.shares[i].left.Store(phase | uint64(to-from))
	}
	p.phase.Add(1)
	if p.asleep.Load() > 0 {
		p.mu.Lock()
		p.wake.Broadcast()
		p.mu.Unlock()
	}
	p.take(0)
	for i := 0; p.done.Load() < int64(chunks); i++ {
		if i > 1000 || p.spin == 0 {
			runtime.Gosched()
		}
	}
	p.run = nil
}

// take works on chunks of the current phase until none is left, first on those of its own share. A claim can only succeed
// while the phase is not over, so what describes the phase cannot change before the claimed chunk is done.
func (p *Pool) take(worker int) {
	for i := range p.shares {
		s := &p.shares[(worker+i)%p.threads]
		for {
			t := s.left.Load()
			left := int(uint32(t))
			if left == 0 {
				break
			}
			if !s.left.CompareAndSwap(t, t-1) {
				continue
			}
			lo := (s.end - left) * p.chunk
			p.run(worker, lo, min(lo+p.chunk, p.units))
			p.done.Add(1)
		}
	}
}

func (p *Pool) work(worker int) {
	for !p.closed.Load() {
		phase := p.phase.Load()
		p.take(worker)
		p.await(phase)
	}
}

// await spins, then sleeps, until there is another phase or the pool is closed. It also returns when it was woken too late,
// for chunks that others have done meanwhile: then it is to spin again, or phases that are shorter than it takes to wake
// would never be shared.
func (p *Pool) await(phase uint32) {
	for i := range p.spin {
		if p.phase.Load() != phase || p.closed.Load() {
			return
		}
		if i%512 == 511 {
			runtime.Gosched() // let the garbage collector and other goroutines in
		}
	}
	p.mu.Lock()
	p.asleep.Add(1)
	if p.phase.Load() == phase && !p.closed.Load() {
		p.wake.Wait()
	}
	p.asleep.Add(-1)
	p.mu.Unlock()
}
