package dataset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
)

// foldsOf deals rows into each of so many folds.
func foldsOf(s dataset.Split, k int, deal func(s *dataset.Split) [3][]int32) (folds [][3][]int32) {
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
	for name, deal := range map[string]func(s *dataset.Split) [3][]int32{
		"random":  func(s *dataset.Split) [3][]int32 { return s.Deal(rows, nil, 3) },
		"classes": func(s *dataset.Split) [3][]int32 { return s.Deal(rows, classes, 3) },
		"groups":  func(s *dataset.Split) [3][]int32 { return s.DealGrouped(rows, groups, 3) },
	} {
		plain := deal(&dataset.Split{Test: share(0.2)})
		var seen []int32
		for i, f := range foldsOf(dataset.Split{Test: share(0.2)}, 4, deal) {
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
	for i, f := range foldsOf(dataset.Split{}, 5, func(s *dataset.Split) [3][]int32 { return s.Deal(rows, classes, 1) }) {
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
	deals := foldsOf(dataset.Split{}, 3, func(s *dataset.Split) [3][]int32 { return s.DealGrouped(rows, groups, 1) })
	deals = append(deals, (&dataset.Split{Validation: share(0.2), Test: share(0.2)}).DealGrouped(rows, groups, 1))
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
	s := dataset.Split{Test: share(4), Order: &inOrder}
	got := ""
	for _, f := range foldsOf(s, 3, func(s *dataset.Split) [3][]int32 { return s.Deal(upTo(16), nil, 1) }) {
		got += fmt.Sprintln(len(f[0]), f[1], f[2])
	}
	want := "3 [3 4 5] [12 13 14 15]\n6 [6 7 8] [12 13 14 15]\n9 [9 10 11] [12 13 14 15]\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

const groupedTable = "patient,x,y\na,1,0\na,2,1\nb,3,0\nb,4,1\nc,5,0\nc,6,1\nd,7,0\nd,8,1\n"

// The column of the groups is no input, and what folds lack is told.
func TestGroupedSplit(t *testing.T) {
	d, problems := datasettest.LoadTable(t, groupedTable, "target: {column: y, type: number}, split: {test: 0.25, folds: 3, fold: 2, group: patient}")
	if problems != "" {
		t.Fatal(problems)
	}
	if got := strings.Join(d.Schema.Columns(), " "); got != "x" {
		t.Errorf("inputs: %s", got)
	}
	if d.Train.Rows() != 4 || d.Validation.Rows() != 2 || d.Test.Rows() != 2 {
		t.Errorf("%d, %d and %d rows", d.Train.Rows(), d.Validation.Rows(), d.Test.Rows())
	}
	for split, want := range map[string]string{
		"{folds: 3, group: patient}":                   "needs fold",
		"{folds: 3, fold: 4}":                          "is 4 of 3 folds",
		"{fold: 2}":                                    "needs folds",
		"{folds: 5, fold: 1, group: patient}":          `"patient" has 4 values, fewer than 5 splits`,
		"{test: 0.25, group: patent}":                  "did you mean patient",
		"{test: 0.25, group: patient, order: true}":    "leave out stratify and order",
		"{test: 0.25, group: patient, stratify: true}": "leave out stratify and order",
		"{folds: 9, fold: 1}":                          "8 rows leave less than one row for each of 9 folds",
	} {
		if _, problems := datasettest.LoadTable(t, groupedTable, "target: y, split: "+split); !strings.Contains(problems, want) {
			t.Errorf("%s: %q, want %q", split, problems, want)
		}
	}
}

// Joined, the rows of validation are learned from, and the test stays what it was.
func TestJoinValidation(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"data.csv": groupedTable})
	s, p := datasettest.SettingsOf(t, "{path: data.csv, inputs: [x], target: {column: y, type: number}, split: {validation: 2, test: 2}}")
	plain := dataset.Load(s, dir, 1, p)
	joined := dataset.Load(s, dir, 1, p, dataset.JoinValidation())
	if p.Len() > 0 || !plain.Joinable() || joined.Joinable() {
		t.Fatal(p.Messages())
	}
	if joined.Train.Rows() != 6 || joined.Validation != nil || joined.Test.Place(0) != plain.Test.Place(0) || joined.Test.Place(1) != plain.Test.Place(1) {
		t.Errorf("%d rows of training", joined.Train.Rows())
	}
	for _, n := range joined.Notes {
		if strings.Contains(n.Text, "validation") {
			t.Errorf("a note on a split that is not asked for: %s", n.Text)
		}
	}
}
