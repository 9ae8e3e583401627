package train

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"dnn/pkg/cluster"
	"dnn/pkg/dataset"
)

// All ranks of a job go through the same training: each has the weights and what the optimizer keeps, computes its shards of each
// batch and its batches of a validation, and what these come to is the same on all. So all decide alike when to validate, to stop and
// to end, and only what a rank knows alone is exchanged: that it was asked to stop.

// leads reports whether this rank writes files and is watched.
func leads(t *Trainer) bool { return t.opts.Comm.Rank() == 0 }

// compareData makes sure that all ranks have the same data.
func compareData(t *Trainer) error {
	comm := t.opts.Comm
	if comm.Size() == 1 {
		return nil
	}
	if t.batches.shards == nil {
		return errors.New("several processes share out the shards of a batch: set train.shards")
	}
	all, err := cluster.Gather(comm, []byte(t.job.Data.Digest))
	if err != nil {
		return err
	}
	for rank, digest := range all {
		if string(digest) != string(all[0]) {
			return misfit("rank %d reads other data than rank 0; the files must be the same on all machines", rank)
		}
	}
	return nil
}

// keepOwn forgets the rows that this rank never reads: those of other ranks where the order of rows is the same in all epochs. Rank 0
// reads all when the training is over.
func keepOwn(t *Trainer) {
	c, comm := &t.job.Config.Train, t.opts.Comm
	if leads(t) || c.Shuffle || t.opts.Fast {
		return
	}
	splits := map[*dataset.Part]func(row int) bool{}
	rows := t.job.Data.Train.Rows()
	splits[t.job.Data.Train] = func(row int) bool {
		batch := row / c.BatchSize * c.BatchSize
		from, to := t.batches.shards.filled(min(c.BatchSize, rows-batch))
		return from <= row-batch && row-batch < to
	}
	if part := t.job.Data.Validation; part != nil {
		size := t.job.ScoreRows()
		splits[part] = func(row int) bool { return row/size%comm.Size() == comm.Rank() }
	}
	dataset.KeepRows(splits)
}

// agreed is a context that ends, on all ranks at the same point, when any rank is asked to stop.
func agreed(t *Trainer, ctx context.Context) (context.Context, func()) {
	if t.opts.Comm.Size() == 1 {
		return ctx, func() {}
	}
	all, end := context.WithCancel(context.Background())
	s := t.batches.shards
	s.stop, s.end = func() bool { return ctx.Err() != nil }, end
	return all, end
}

// asks is 1 on a rank that was asked to stop.
func asks(t *Trainer) byte {
	if s := t.batches.shards; s.stop != nil && s.stop() {
		return 1
	}
	return 0
}

// agree ends the context of all ranks if one was asked to stop, and returns its error.
func agree(t *Trainer, ctx context.Context) error {
	all, err := cluster.Gather(t.opts.Comm, []byte{asks(t)})
	if err != nil {
		return err
	}
	for _, asked := range all {
		if asked[0] != 0 {
			t.batches.shards.end()
		}
	}
	return ctx.Err()
}

// follow takes over the position of rank 0.
func follow(t *Trainer) error {
	if t.opts.Comm.Size() == 1 {
		return nil
	}
	t.pos.BestText, t.pos.RefText = fmt.Sprint(t.pos.Best), fmt.Sprint(t.pos.Reference)
	text, err := json.Marshal(&t.pos)
	if err != nil {
		return err
	}
	if text, err = cluster.Spread(t.opts.Comm, text, 0); err != nil {
		return err
	}
	t.pos = Position{}
	if err := json.Unmarshal(text, &t.pos); err != nil {
		return err
	}
	t.pos.readFigures()
	return nil
}
