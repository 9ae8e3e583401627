package train

import (
	"slices"

	"dnn/pkg/dataset"
)

// stretches cuts the epochs of a stateful training into steps. Rows of similar length form batches, the same in all epochs, so
// that the number of steps is the same too; what is shuffled is their order. A batch gives as many steps, one after the
// other, as its longest sequence has chunks.
type stretches struct {
	batches [][]int // rows
	counts  []int   // of each batch
	steps   []stretch
	whole   *dataset.Batch // the batch that is being gone through
	filled  []int          // its rows
}

// stretch is one step: the rows of a batch, and where in their sequences it begins.
type stretch struct {
	rows []int
	from int
}

// newStretches forms the batches; nil where sequences come as a whole.
func (t *Trainer) newStretches() *stretches {
	c, part := &t.job.Config.Train, t.job.Data.Train
	if !c.Stateful {
		return nil
	}
	rows := make([]int, part.Rows())
	for i := range rows {
		rows[i] = i
	}
	if c.GroupByLength {
		slices.SortStableFunc(rows, func(a, b int) int { return part.Length(a) - part.Length(b) })
	}
	s := &stretches{whole: t.job.Schema.NewBatch(min(c.BatchSize, len(rows)))}
	for batch := range slices.Chunk(rows, c.BatchSize) {
		longest := 0
		for _, row := range batch {
			longest = max(longest, part.Length(row))
		}
		s.batches, s.counts = append(s.batches, batch), append(s.counts, t.job.Stretches(min(longest, t.longest())))
	}
	return s
}

// longest is how many steps of a sequence there is room for.
func (t *Trainer) longest() (n int) {
	for _, b := range t.job.Schema.Blocks {
		if b.Sequence {
			n = max(n, b.Shape[0])
		}
	}
	return n
}

// total is the number of steps of an epoch.
func (s *stretches) total() (n int) {
	for _, k := range s.counts {
		n += k
	}
	return n
}

// begin settles the steps of an epoch.
func (s *stretches) begin(shuffle bool, seed, epoch uint64, unroll int) {
	order := make([]int, len(s.batches))
	for i := range order {
		order[i] = i
	}
	if shuffle {
		order = dataset.Permutation(order, len(order), seed, epoch)
	}
	s.steps = s.steps[:0]
	for _, batch := range order {
		for k := range s.counts[batch] {
			s.steps = append(s.steps, stretch{s.batches[batch], k * unroll})
		}
	}
}

// fill puts a step's stretch into the inputs of its program.
func (s *stretches) fill(t *Trainer, p *compiled, one stretch) error {
	if !slices.Equal(s.filled, one.rows) {
		if err := t.job.Data.Train.Fill(s.whole, one.rows); err != nil {
			return err
		}
		s.filled = one.rows
	}
	t.job.FeedStretch(p.Program, s.whole, one.from)
	p.batch.Rows = len(one.rows)
	return nil
}
