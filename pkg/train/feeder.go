package train

import (
	"runtime"
	"sync"

	"dnn/pkg/dataset"
	"dnn/pkg/model"
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

// feed starts to fill the batches from `from` up to n, each of so many rows of the order.
func (t *Trainer) feed(from, n int) *feeder {
	f := &feeder{from: from, stop: make(chan struct{}), slots: t.spare}
	part, size, seed, epoch := t.job.Data.Train, t.job.Config.Train.BatchSize, t.job.Config.Seed, uint64(t.pos.Epoch)
	if f.slots == nil {
		f.slots = make([]slot, min(most, 1+runtime.GOMAXPROCS(0)/2))
		for i := range f.slots {
			f.slots[i].batch = t.job.Schema.NewBatch(min(size, part.Rows()))
		}
		t.spare = f.slots
	}
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
				err := part.FillTraining(s.batch, t.rows(b), seed, epoch)
				s.full <- err // has room for one
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

// end stops the filling and waits until it has stopped. A feeder that never was has nothing to stop.
func (f *feeder) end() {
	if f == nil {
		return
	}
	close(f.stop)
	f.wait.Wait()
}

// rows are the rows of a batch of the epoch.
func (t *Trainer) rows(batch int) []int {
	if t.pieces != nil {
		return t.pieces.steps[batch].rows
	}
	size := t.job.Config.Train.BatchSize
	return t.order[batch*size : min((batch+1)*size, t.job.Data.Train.Rows())]
}

// fill puts the current batch into the inputs of a step.
func (t *Trainer) fill(p *compiled, rows []int) error {
	if t.pieces != nil {
		one := t.pieces.steps[t.pos.Batch]
		if one.from == 0 {
			model.ResetStates(t.state, true)
		}
		return t.pieces.fill(t, p, one)
	}
	if t.feeder == nil {
		return t.job.Data.Train.FillTraining(p.batch, rows, t.job.Config.Seed, uint64(t.pos.Epoch))
	}
	b, err := t.feeder.take(t.pos.Batch)
	if err != nil {
		return err
	}
	t.job.Feed(p.Program, b)
	p.batch.Rows = b.Rows
	t.feeder.giveBack(t.pos.Batch)
	return nil
}
