package cluster

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// together runs a function on each of some ranks.
func together(ranks int, run func(c Comm)) {
	var wait sync.WaitGroup
	for _, c := range Local(ranks) {
		wait.Go(func() { run(c) })
	}
	wait.Wait()
}

// The sum over shards has the same bits on any number of ranks.
func TestExactSums(t *testing.T) {
	const size = 1003
	random := rand.New(rand.NewPCG(1, 2))
	for _, shards := range []int{1, 2, 3, 7, 8, 13, 64} {
		given := make([][]float32, shards)
		for i := range given {
			for range size {
				given[i] = append(given[i], float32(random.NormFloat64()))
			}
		}
		var whole func(n Node) []float32
		whole = func(n Node) []float32 {
			if n.Hi-n.Lo == 1 {
				return slices.Clone(given[n.Lo])
			}
			left, right := n.Split()
			a, b := whole(left), whole(right)
			for i := range a {
				a[i] += b[i]
			}
			return a
		}
		want := whole(Node{0, shards})
		for _, ranks := range []int{1, 2, 3, 4, 8, 16} {
			together(ranks, func(c Comm) {
				var own [][]float32
				for _, n := range Cover(shards, Share(shards, ranks, c.Rank())) {
					own = append(own, whole(n))
				}
				sum, s := make([]float32, size), Summer{Comm: c}
				for range 2 { // its memory is used again
					if err := s.Exact(shards, own, sum); err != nil {
						t.Error(err)
					}
				}
				if !slices.Equal(sum, want) {
					t.Errorf("%d shards on rank %d of %d: another sum", shards, c.Rank(), ranks)
				}
			})
		}
	}
}

// Nodes of a rank's share come in order, and cover it without gaps; of equal shares of a power of two there is one.
func TestCover(t *testing.T) {
	for shards := 1; shards < 40; shards++ {
		for ranks := 1; ranks < 12; ranks++ {
			next := 0
			for r := range ranks {
				nodes := Cover(shards, Share(shards, ranks, r))
				for _, n := range nodes {
					if n.Lo != next || n.Hi <= n.Lo {
						t.Fatalf("%d shards, rank %d of %d: %v", shards, r, ranks, nodes)
					}
					next = n.Hi
				}
				if shards == 32 && ranks&(ranks-1) == 0 && len(nodes) != 1 {
					t.Errorf("rank %d of %d has %v", r, ranks, nodes)
				}
			}
			if next != shards {
				t.Errorf("%d shards on %d ranks end at %d", shards, ranks, next)
			}
		}
	}
}

func TestFastSums(t *testing.T) {
	together(3, func(c Comm) {
		sum, s := make([]float32, 2), Summer{Comm: c}
		if err := s.Fast([][]float32{{1, 2}, {float32(c.Rank()), 0}}, sum); err != nil || sum[0] != 6 || sum[1] != 6 {
			t.Errorf("rank %d: %v, %v", c.Rank(), sum, err)
		}
	})
}

func TestGatherAndSpread(t *testing.T) {
	together(4, func(c Comm) {
		all, err := Gather(c, make([]byte, c.Rank()))
		for r := range all {
			if len(all[r]) != r {
				t.Errorf("rank %d has %d bytes of rank %d", c.Rank(), len(all[r]), r)
			}
		}
		if err != nil || len(all) != 4 {
			t.Error(all, err)
		}
		var own []byte
		if c.Rank() == 2 {
			own = []byte("told")
		}
		if got, err := Spread(c, own, 2); err != nil || string(got) != "told" {
			t.Errorf("rank %d: %q, %v", c.Rank(), got, err)
		}
	})
}

// All ranks learn of the error of one, and of its exit code.
func TestAgree(t *testing.T) {
	mine := errors.New("no such file")
	together(3, func(c Comm) {
		if err := Agree(c, nil, 0); err != nil {
			t.Error(err)
		}
		if c.Rank() == 1 {
			if err := Agree(c, mine, 2); !errors.Is(err, mine) {
				t.Error(err)
			}
			return
		}
		var failed *Failed
		if err := Agree(c, nil, 0); !errors.As(err, &failed) || failed.Rank != 1 || failed.Code != 2 || err.Error() != "rank 1: no such file" {
			t.Error(err)
		}
	})
}

// A rank that aborts ends the waiting of all others.
func TestAbort(t *testing.T) {
	together(3, func(c Comm) {
		if c.Rank() == 2 {
			c.Abort(1)
			return
		}
		if err := c.Barrier(); !errors.Is(err, ErrAborted) {
			t.Error(err)
		}
	})
}
