package split_test

import (
	"dnn/pkg/dataset/split"
	"fmt"
	"math"
	"slices"
	"testing"
)

func share(x float64) *float64 { return &x }

func upTo(n int) []int32 {
	rows := make([]int32, n)
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}

func TestSplitCounts(t *testing.T) {
	for _, c := range []struct {
		s    split.Settings
		n    int
		want [3]int
	}{
		{split.Settings{Train: share(0.6), Validation: share(0.2), Test: share(0.2)}, 344, [3]int{206, 69, 69}},
		{split.Settings{Train: share(0.8), Validation: share(0.1), Test: share(0.1)}, 7, [3]int{5, 1, 1}},
		{split.Settings{Validation: share(0.1)}, 32561, [3]int{29305, 3256, 0}},
		{split.Settings{Validation: share(12), Test: share(48)}, 144, [3]int{84, 12, 48}},
		{split.Settings{Train: share(0.5), Test: share(0.25)}, 100, [3]int{50, 0, 25}},
		{split.Settings{Train: share(10)}, 100, [3]int{10, 0, 0}},
		{split.Settings{Test: share(1)}, 3, [3]int{2, 0, 1}},
	} {
		if got := c.s.Counts(c.n); got != c.want {
			t.Errorf("%d rows: %v, want %v", c.n, got, c.want)
		}
	}
}

// Every row goes to one split, in the order of the file, whatever the seed; another seed deals otherwise.
func TestDealIsAPartition(t *testing.T) {
	s := split.Settings{Validation: share(0.2), Test: share(30)}
	a, b := s.Deal(upTo(200), nil, nil, 1), s.Deal(upTo(200), nil, nil, 1)
	other := s.Deal(upTo(200), nil, nil, 2)
	var all []int32
	for i := range a {
		if !slices.Equal(a[i], b[i]) {
			t.Error("the same seed deals differently")
		}
		if !slices.IsSorted(a[i]) {
			t.Error("a split is not in the order of the file")
		}
		all = append(all, a[i]...)
	}
	slices.Sort(all)
	if !slices.Equal(all, upTo(200)) || slices.Equal(a[2], other[2]) {
		t.Error(a, other)
	}
	seed := uint64(2)
	s.Seed = &seed
	if own := s.Deal(upTo(200), nil, nil, 1); !slices.Equal(own[2], other[2]) {
		t.Error("split.seed does not replace the spec's seed")
	}
}

// The draw is fixed for good: resuming a run in a later version must find the same splits.
func TestDealIsFixed(t *testing.T) {
	s := split.Settings{Test: share(5)}
	if got, want := fmt.Sprint(s.Deal(upTo(20), nil, nil, 7)[2]), "[3 6 8 10 12]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestOrderedDeal(t *testing.T) {
	inOrder := true
	s := split.Settings{Validation: share(2), Test: share(3), Order: &inOrder}
	if got := fmt.Sprint(s.Deal(upTo(9), nil, nil, 7)); got != "[[0 1 2 3] [4 5] [6 7 8]]" {
		t.Error(got)
	}
}

func TestStratifiedSharesAreExact(t *testing.T) {
	sizes := map[string]int{"a": 152, "b": 68, "c": 124, "d": 1, "e": 2, "f": 3, "g": 997}
	var classes []string
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		classes = append(classes, slices.Repeat([]string{name}, sizes[name])...)
	}
	for _, s := range []split.Settings{
		{Train: share(0.6), Validation: share(0.2), Test: share(0.2), Stratify: split.Stratify{On: true}},
		{Validation: share(0.37), Stratify: split.Stratify{On: true}},
		{Train: share(0.3), Test: share(100), Stratify: split.Stratify{On: true}},
	} {
		counts := s.Counts(len(classes))
		parts := s.Deal(upTo(len(classes)), classes, nil, 3)
		seen := map[int32]bool{}
		for i, part := range parts {
			of := map[string]int{}
			for _, r := range part {
				of[classes[r]]++
				if seen[r] {
					t.Error("a row stands in two splits")
				}
				seen[r] = true
			}
			for name, n := range sizes {
				exact := float64(n) * float64(counts[i]) / float64(len(classes))
				if math.Abs(float64(of[name])-exact) >= 2 {
					t.Errorf("%+v: split %d has %d of class %s, and its exact share is %v", s, i, of[name], name, exact)
				}
				if i == 0 && of[name] == 0 {
					t.Errorf("class %s has no row for training", name)
				}
			}
		}
		if s.Train == nil && len(seen) != len(classes) {
			t.Error("rows were left out")
		}
	}
}
