package train

import (
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
)

// batches deals the rows of an epoch into batches, and puts these into the inputs of steps.
type batches struct {
	job      *model.Job
	part     *dataset.Part // the training split
	fast     bool
	epoch    uint64
	order    []int     // of the rows in this epoch
	uneven   bool      // sequences differ in length
	steps    []int     // of a batch by block
	chunks   *chunks   // nil where sequences come as a whole
	teaching *teaching // nil without train.distill
	feeder   *feeder   // nil where batches are filled when they are needed
	spare    []slot    // the feeder's, kept from one epoch to the next
	shards   *shards   // nil where batches go through the net as a whole
	sent     sent      // to a device ahead of its step
}

func newBatches(job *model.Job, fast bool) *batches {
	return &batches{job: job, part: job.Data.Train, fast: fast, uneven: job.Data.Train.Uneven(), chunks: newChunks(job), teaching: newTeaching(job)}
}

// count is the number of batches of an epoch.
func (b *batches) count() int {
	rows, size := b.part.Rows(), b.job.Config.Train.BatchSize
	n := (rows + size - 1) / size
	if b.chunks != nil {
		n = b.chunks.total()
	}
	if b.fast {
		n = min(n, fastBatches)
	}
	return n
}

// begin settles the order of the rows in an epoch, from the seed and the epoch's number alone.
func (b *batches) begin(epoch uint64) {
	b.epoch = epoch
	c := b.job.Config
	switch {
	case b.chunks != nil:
		b.chunks.begin(c.Train.Shuffle, c.Seed, epoch, c.Train.Unroll)
	case c.Train.Shuffle:
		b.order = dataset.Permutation(b.order, b.part.Rows(), c.Seed, epoch)
		if c.Train.GroupByLength && b.uneven {
			b.part.GroupByLength(b.order, c.Train.BatchSize, c.Seed, epoch)
		}
	case b.order == nil && b.fast: // as far as the trial goes
		b.order = dataset.Permutation(nil, b.part.Rows(), c.Seed, 0)
		slices.Sort(b.order[:min(fastBatches*c.Train.BatchSize, len(b.order))])
	case b.order == nil:
		for i := range b.part.Rows() {
			b.order = append(b.order, i)
		}
	}
}

// rows are the rows of a batch of the epoch.
func (b *batches) rows(batch int) []int {
	if b.chunks != nil {
		return b.chunks.steps[batch].rows
	}
	size := b.job.Config.Train.BatchSize
	return b.order[batch*size : min((batch+1)*size, b.part.Rows())]
}

// shape is what the step for some rows is compiled for.
func (b *batches) shape(rows []int) model.BatchShape {
	if b.chunks != nil {
		return b.job.ChunkShape(len(rows))
	}
	b.steps = b.part.Steps(b.steps, rows)
	return model.BatchShapeFor(len(rows), b.steps)
}

// readAhead begins to fill the rest of the epoch's batches while steps run, where that pays. The training gets the same bits:
// what is in a batch follows from its rows, the seed and the epoch alone.
func (b *batches) readAhead(from int) {
	if !b.part.Ahead() || b.chunks != nil || b.job.Teachers != nil { // teachers may read more of a batch than the net
		return
	}
	if b.spare == nil {
		b.spare = newSlots(b.job.Schema, min(b.job.Config.Train.BatchSize, b.part.Rows()))
	}
	epoch := b.epoch
	b.feeder = newFeeder(b.spare, from, b.count(), func(into *dataset.Batch, batch int) error {
		rows := b.rows(batch)
		if b.shards != nil {
			from, to := b.shards.filled(len(rows))
			rows = rows[from:to]
		}
		return b.part.FillTraining(into, rows, b.job.Config.Seed, epoch)
	})
}

// stopReading ends what readAhead began.
func (b *batches) stopReading() {
	if b.feeder != nil {
		b.feeder.end()
		b.feeder = nil
	}
}

// fill puts a batch into the inputs of a step.
func (b *batches) fill(p *program, state *exec.State, batch int) error {
	if b.chunks != nil {
		one := b.chunks.steps[batch]
		if one.from == 0 {
			model.ResetStates(state, true)
		}
		return b.chunks.fill(b.job, p, one)
	}
	if b.took(p, batch) {
		return nil
	}
	if b.feeder == nil {
		return b.part.FillTraining(p.batch, b.rows(batch), b.job.Config.Seed, b.epoch)
	}
	filled, err := b.feeder.take(batch)
	if err != nil {
		return err
	}
	p.FeedBatch(filled)
	p.batch.Rows = filled.Rows
	b.feeder.giveBack(batch)
	return nil
}
