package train

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"dnn/pkg/cluster"
	"dnn/pkg/model"
)

// ranks trains on so many ranks, of which rank 0 has the folder, until one of them is asked to stop after so many updates. It returns
// the weights of each, and their errors.
func ranks(t *testing.T, n int, dir string, stopAfter int, job func(sets ...string) *model.Job, sets ...string) (bits [][]uint32, failed []error) {
	t.Helper()
	bits, failed = make([][]uint32, n), make([]error, n)
	var jobs []*model.Job
	for range n {
		jobs = append(jobs, job(sets...))
	}
	var wait sync.WaitGroup
	for rank, comm := range cluster.Local(n) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		o := Options{Threads: 1 + rank%2, Comm: comm}
		if rank == 0 {
			o.Dir, o.Watch = dir, &stopper{after: stopAfter, cancel: cancel}
		}
		if f := filepath.Join(dir, LastFile); exists(f) {
			file, err := model.Load(f)
			if err != nil {
				t.Fatal(err)
			}
			o.Resume = file
		}
		wait.Go(func() {
			tr, err := New(jobs[rank], o)
			if err != nil {
				failed[rank] = err
				return
			}
			defer tr.Close()
			failed[rank] = tr.Run(ctx)
			bits[rank] = weightBits(tr)
		})
	}
	wait.Wait()
	return bits, failed
}

// Any number of ranks ends in the bits of one process, which writes the same log; and so does a training that was stopped on so many
// ranks and resumed on others.
func TestRanksChangeNoBit(t *testing.T) {
	for name, job := range shardedJobs(t) {
		whole := t.TempDir()
		want := weightBits(run(t, job("train.shards=4"), whole, 2, 0))
		stopped := t.TempDir()
		for i, n := range []int{2, 3, 4} {
			dir := t.TempDir()
			got, failed := ranks(t, n, dir, 0, job, "train.shards=4")
			for rank := range got {
				if failed[rank] != nil || !slices.Equal(got[rank], want) {
					t.Errorf("%s on %d ranks: rank %d ends in other bits, %v", name, n, rank, failed[rank])
				}
			}
			if read(t, dir, MetricsFile) != read(t, whole, MetricsFile) {
				t.Errorf("%s on %d ranks: another log", name, n)
			}
			got, failed = ranks(t, n, stopped, 2+2*i, job, "train.shards=4")
			for rank := range got {
				if failed[rank] != nil && !errors.Is(failed[rank], ErrInterrupted) || !slices.Equal(got[rank], got[0]) {
					t.Errorf("%s on %d ranks: rank %d stops with other weights than rank 0, %v", name, n, rank, failed[rank])
				}
			}
		}
		if !slices.Equal(weightBits(run(t, job("train.shards=4"), stopped, 1, 0)), want) {
			t.Errorf("%s: stopped on 2, 3 and 4 ranks and resumed on one, it ends in other bits", name)
		}
		if a, b := read(t, stopped, MetricsFile), read(t, whole, MetricsFile); a != b {
			t.Errorf("%s: stopped and resumed, the log is\n%s\nwant\n%s", name, a, b)
		}
	}
}

// With train.reduce: fast, all ranks have the same weights, which are those of exact sums but for rounding.
func TestFastReduction(t *testing.T) {
	job := shardedJobs(t)["attention"]
	got, failed := ranks(t, 3, t.TempDir(), 0, job, "train.shards=6", "train.reduce=fast")
	if err := errors.Join(failed...); err != nil || !slices.Equal(got[0], got[1]) || !slices.Equal(got[0], got[2]) {
		t.Errorf("ranks differ, %v", err)
	}
}

// All ranks end with the same error when a loss is not finite, wherever that was.
func TestRanksDivergeTogether(t *testing.T) {
	job := func(sets ...string) *model.Job {
		return open(t, everything, append(sets, "optimizer={type: sgd, learning_rate: 1e30}", "train.gradient_clip=null", "train.accumulate=1")...)
	}
	_, alone := ranks(t, 1, t.TempDir(), 0, job, "train.shards=4")
	_, failed := ranks(t, 4, t.TempDir(), 0, job, "train.shards=4")
	for rank, err := range failed {
		var d *Diverged
		if !errors.As(err, &d) || err.Error() != alone[0].Error() {
			t.Errorf("rank %d: %v\none process: %v", rank, err, alone[0])
		}
	}
}

// Ranks must see the same rows, and need shards to share out.
func TestRanksThatDoNotFit(t *testing.T) {
	seed := uint64(0)
	other := func(sets ...string) *model.Job {
		seed++
		return open(t, everything, append(sets, []string{"dataset.noise=0.1", "dataset.noise=0.3"}[seed%2])...)
	}
	_, failed := ranks(t, 2, t.TempDir(), 0, other, "train.shards=2")
	var m *Misfit
	for rank, err := range failed {
		if !errors.As(err, &m) || !bytes.Contains([]byte(err.Error()), []byte("rank 1 reads other data")) {
			t.Errorf("rank %d with other data: %v", rank, err)
		}
	}
	if _, failed = ranks(t, 2, t.TempDir(), 0, other); failed[0] == nil {
		t.Error("several ranks train without shards")
	}
}
