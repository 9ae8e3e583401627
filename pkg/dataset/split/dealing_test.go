package split_test

import (
	"dnn/pkg/dataset/split"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// foldsOf deals rows into each of so many folds.
func foldsOf(s split.Settings, k int, deal func(s *split.Settings) [3][]int32) (folds [][3][]int32) {
	for i := range k {
		s.Folds, s.Fold = k, i+1
		folds = append(folds, deal(&s))
	}
	return folds
}

// Each row that the test leaves is in the validation split of one fold and in the training split of all others; the test split
// is the same in all, and the same as without folds.
func TestFoldsPartition(t *testing.T) {
	rows := upTo(101)
	classes, groups := make([]string, 101), make([]string, 101)
	for i := range rows {
		classes[i] = []string{"a", "a", "b"}[i%3]
		groups[i] = fmt.Sprint(i / 4)
	}
	for name, deal := range map[string]func(s *split.Settings) [3][]int32{
		"random":  func(s *split.Settings) [3][]int32 { return s.Deal(rows, nil, nil, 3) },
		"classes": func(s *split.Settings) [3][]int32 { return s.Deal(rows, classes, nil, 3) },
		"groups":  func(s *split.Settings) [3][]int32 { return s.Deal(rows, nil, groups, 3) },
	} {
		plain := deal(&split.Settings{Test: share(0.2)})
		var seen []int32
		for i, f := range foldsOf(split.Settings{Test: share(0.2)}, 4, deal) {
			if !slices.Equal(f[2], plain[2]) {
				t.Errorf("%s: fold %d has the test split %v, want %v", name, i+1, f[2], plain[2])
			}
			if n := len(f[1]); n < 18 || n > 22 {
				t.Errorf("%s: fold %d has %d rows of 81", name, i+1, n)
			}
			all := slices.Sorted(slices.Values(slices.Concat(f[0], f[1], f[2])))
			if !slices.Equal(all, rows) {
				t.Errorf("%s: fold %d is no partition", name, i+1)
			}
			seen = append(seen, f[1]...)
		}
		slices.Sort(seen)
		if want := slices.Sorted(slices.Values(slices.Concat(plain[0], plain[1]))); !slices.Equal(seen, want) {
			t.Errorf("%s: rows validated: %v, want %v", name, seen, want)
		}
	}
}

func TestFoldsKeepClassesAndGroups(t *testing.T) {
	rows, classes := upTo(40), make([]string, 40)
	for i := range classes {
		classes[i] = "no"
		if i%4 == 0 {
			classes[i] = "yes"
		}
	}
	classes[39] = "only once"
	for i, f := range foldsOf(split.Settings{}, 5, func(s *split.Settings) [3][]int32 { return s.Deal(rows, classes, nil, 1) }) {
		yes := 0
		for _, row := range f[1] {
			if yes += strings.Count(classes[row], "yes"); classes[row] == "only once" {
				t.Errorf("fold %d validates a class that it cannot learn", i+1)
			}
		}
		if yes != 2 {
			t.Errorf("fold %d has %d of 10 rows of the class, want 2", i+1, yes)
		}
	}
	groups := make([]string, 40)
	for i := range groups {
		groups[i] = fmt.Sprint(i % 7)
	}
	deals := foldsOf(split.Settings{}, 3, func(s *split.Settings) [3][]int32 { return s.Deal(rows, nil, groups, 1) })
	deals = append(deals, (&split.Settings{Validation: share(0.2), Test: share(0.2)}).Deal(rows, nil, groups, 1))
	for _, f := range deals {
		where := map[string]int{}
		for i := range f {
			for _, row := range f[i] {
				if at, seen := where[groups[row]]; seen && at != i {
					t.Errorf("group %s is in two splits: %v", groups[row], f)
				}
				where[groups[row]] = i
			}
		}
		if len(f[1]) == 0 {
			t.Errorf("no group is left for validation: %v", f)
		}
	}
}

// In time order, a fold follows the rows that it is trained on.
func TestFoldsInOrder(t *testing.T) {
	inOrder := true
	s := split.Settings{Test: share(4), Order: &inOrder}
	got := ""
	for _, f := range foldsOf(s, 3, func(s *split.Settings) [3][]int32 { return s.Deal(upTo(16), nil, nil, 1) }) {
		got += fmt.Sprintln(len(f[0]), f[1], f[2])
	}
	want := "3 [3 4 5] [12 13 14 15]\n6 [6 7 8] [12 13 14 15]\n9 [9 10 11] [12 13 14 15]\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
