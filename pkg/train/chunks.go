package train

import (
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/model"
)

// chunks cuts the epochs of a stateful training into steps. Rows of similar length form batches, the same in all epochs, so
// that the number of steps is the same too; what is shuffled is their order. A batch gives as many steps, one after the
// other, as its longest sequence has chunks.
type chunks struct {
	batches [][]int // rows
	counts  []int   // chunks of each batch
	steps   []chunk
	whole   *dataset.Batch // the batch that is being gone through
	filled  []int          // its rows
}

// chunk is one step: the rows of a batch, and where in their sequences it begins.
type chunk struct {
	rows []int
	from int
}

// newChunks forms the batches; nil where sequences come as a whole.
func newChunks(job *model.Job) *chunks {
	c, part := &job.Config.Train, job.Data.Train
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
	s := &chunks{whole: job.Schema.NewBatch(min(c.BatchSize, len(rows)))}
	for batch := range slices.Chunk(rows, c.BatchSize) {
		longest := 0
		for _, row := range batch {
			longest = max(longest, part.Length(row))
		}
		s.batches, s.counts = append(s.batches, batch), append(s.counts, c.Chunks(min(longest, maxSteps(job.Schema))))
	}
	return s
}

// maxSteps is the largest number of steps that a sequence of a batch can have.
func maxSteps(s *dataset.Schema) (n int) {
	for _, b := range s.Blocks {
		if b.Sequence {
			n = max(n, b.Shape[0])
		}
	}
	return n
}

// total is the number of steps of an epoch.
func (s *chunks) total() (n int) {
	for _, k := range s.counts {
		n += k
	}
	return n
}

// begin settles the steps of an epoch.
func (s *chunks) begin(shuffle bool, seed, epoch uint64, unroll int) {
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
			s.steps = append(s.steps, chunk{s.batches[batch], k * unroll})
		}
	}
}

// fill puts a step's chunk into the inputs of its program.
func (s *chunks) fill(job *model.Job, p *program, one chunk) error {
	if !slices.Equal(s.filled, one.rows) {
		if err := job.Data.Train.Fill(s.whole, one.rows); err != nil {
			return err
		}
		s.filled = one.rows
	}
	p.FeedChunk(s.whole, one.from)
	p.batch.Rows = len(one.rows)
	return nil
}
