package train

import (
	"runtime"
	"sync"

	"dnn/pkg/dataset"
)

// feeder fills the batches of an epoch while earlier ones are trained on. What is in a batch follows from its rows, the
// seed and the epoch alone, so the training gets the same bits as without.
type feeder struct {
	slots []slot
	from  int // the first batch
	stop  chan struct{}
	wait  sync.WaitGroup
}

// slot is a spare batch. It is filled and taken by turns.
type slot struct {
	batch *dataset.Batch
	full  chan error    // the batch is filled, or failed
	free  chan struct{} // the batch may be filled
}

// most is how many batches are filled at the same time; each takes the memory of one.
const most = 4

// newSlots makes the spare batches of a feeder, of so many rows each.
func newSlots(schema *dataset.Schema, rows int) []slot {
	slots := make([]slot, min(most, 1+runtime.GOMAXPROCS(0)/2))
	for i := range slots {
		slots[i].batch = schema.NewBatch(rows)
	}
	return slots
}

// newFeeder starts to fill the batches from `from` up to n into slots, in turn.
func newFeeder(slots []slot, from, n int, fill func(into *dataset.Batch, batch int) error) *feeder {
	f := &feeder{from: from, stop: make(chan struct{}), slots: slots}
	for i := range f.slots {
		s := &f.slots[i]
		s.full, s.free = make(chan error, 1), make(chan struct{}, 1)
		s.free <- struct{}{}
		f.wait.Go(func() {
			for b := from + i; b < n; b += len(f.slots) {
				select {
				case <-f.stop:
					return
				case <-s.free:
				}
				err := fill(s.batch, b)
				s.full <- err // does not block: the channel holds one
				if err != nil {
					return
				}
			}
		})
	}
	return f
}

// take waits for a batch. Batches are taken in their order, and each is given back before the next.
func (f *feeder) take(batch int) (*dataset.Batch, error) {
	s := &f.slots[(batch-f.from)%len(f.slots)]
	return s.batch, <-s.full
}

func (f *feeder) giveBack(batch int) {
	f.slots[(batch-f.from)%len(f.slots)].free <- struct{}{}
}

// end stops the filling and waits until it has stopped.
func (f *feeder) end() {
	close(f.stop)
	f.wait.Wait()
}
