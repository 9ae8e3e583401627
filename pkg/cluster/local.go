package cluster

import (
	"sync"

	"dnn/internal/kernel/vec"
)

// Local returns the ranks of a job that are goroutines of this process.
func Local(ranks int) []Comm {
	g := &group{posted: make([]posting, ranks)}
	g.turn = sync.NewCond(&g.mu)
	list := make([]Comm, ranks)
	for r := range list {
		list[r] = &local{g, r}
	}
	return list
}

// group is what the ranks share.
type group struct {
	mu      sync.Mutex
	turn    *sync.Cond
	posted  []posting // what each rank shows the others
	waiting int
	round   int
	aborted bool
}

type posting struct {
	bytes   []byte
	sizes   []int
	numbers []float32
}

// wait returns when all ranks have called it.
func (g *group) wait() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.waiting++; g.waiting == len(g.posted) {
		g.waiting = 0
		g.round++
		g.turn.Broadcast()
	}
	for round := g.round; g.waiting > 0 && g.round == round && !g.aborted; {
		g.turn.Wait()
	}
	if g.aborted {
		return ErrAborted
	}
	return nil
}

type local struct {
	*group
	rank int
}

func (l *local) Rank() int { return l.rank }
func (l *local) Size() int { return len(l.posted) }

// exchange shows the others what this rank has, and takes what they have.
func (l *local) exchange(own posting, take func(rank int, of posting)) error {
	l.posted[l.rank] = own
	if err := l.wait(); err != nil {
		return err
	}
	for r := range l.posted {
		take(r, l.posted[r])
	}
	return l.wait()
}

// Alltoall copies.
func (l *local) Alltoall(send []byte, sendSizes []int, recv []byte, recvSizes []int) error {
	return l.exchange(posting{bytes: send, sizes: sendSizes}, func(r int, of posting) {
		from := 0
		for _, n := range of.sizes[:l.rank] {
			from += n
		}
		copy(recv[:recvSizes[r]], of.bytes[from:from+of.sizes[l.rank]])
		recv = recv[recvSizes[r]:]
	})
}

// Allgather copies.
func (l *local) Allgather(send, recv []byte, sizes []int) error {
	return l.exchange(posting{bytes: send}, func(r int, of posting) {
		copy(recv[:sizes[r]], of.bytes)
		recv = recv[sizes[r]:]
	})
}

// Broadcast copies.
func (l *local) Broadcast(data []byte, from int) error {
	return l.exchange(posting{bytes: data}, func(r int, of posting) {
		if r == from && r != l.rank {
			copy(data, of.bytes)
		}
	})
}

// Allreduce sums up in the order of the ranks.
func (l *local) Allreduce(data []float32) error {
	sum := make([]float32, len(data))
	err := l.exchange(posting{numbers: data}, func(_ int, of posting) { vec.Add(sum, sum, of.numbers) })
	copy(data, sum)
	return err
}

// Barrier waits.
func (l *local) Barrier() error { return l.wait() }

// Abort has all ranks fail.
func (l *local) Abort(int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.aborted = true
	l.turn.Broadcast()
}

// Close does nothing: there is nothing that ends.
func (l *local) Close() error { return nil }
