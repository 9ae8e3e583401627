package dataset_test

import (
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/format"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
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
		s    dataset.Split
		n    int
		want [3]int
	}{
		{dataset.Split{Train: share(0.6), Validation: share(0.2), Test: share(0.2)}, 344, [3]int{206, 69, 69}},
		{dataset.Split{Train: share(0.8), Validation: share(0.1), Test: share(0.1)}, 7, [3]int{5, 1, 1}},
		{dataset.Split{Validation: share(0.1)}, 32561, [3]int{29305, 3256, 0}},
		{dataset.Split{Validation: share(12), Test: share(48)}, 144, [3]int{84, 12, 48}},
		{dataset.Split{Train: share(0.5), Test: share(0.25)}, 100, [3]int{50, 0, 25}},
		{dataset.Split{Train: share(10)}, 100, [3]int{10, 0, 0}},
		{dataset.Split{Test: share(1)}, 3, [3]int{2, 0, 1}},
	} {
		if got := c.s.Counts(c.n); got != c.want {
			t.Errorf("%d rows: %v, want %v", c.n, got, c.want)
		}
	}
}

// Every row goes to one split, in the order of the file, whatever the seed; another seed deals otherwise.
func TestDealIsAPartition(t *testing.T) {
	s := dataset.Split{Validation: share(0.2), Test: share(30)}
	a, b := s.Deal(upTo(200), nil, 1), s.Deal(upTo(200), nil, 1)
	other := s.Deal(upTo(200), nil, 2)
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
	if own := s.Deal(upTo(200), nil, 1); !slices.Equal(own[2], other[2]) {
		t.Error("split.seed does not replace the spec's seed")
	}
}

// The draw is fixed for good: resuming a run in a later version must find the same splits.
func TestDealIsFixed(t *testing.T) {
	s := dataset.Split{Test: share(5)}
	if got, want := fmt.Sprint(s.Deal(upTo(20), nil, 7)[2]), "[3 6 8 10 12]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestOrderedDeal(t *testing.T) {
	inOrder := true
	s := dataset.Split{Validation: share(2), Test: share(3), Order: &inOrder}
	if got := fmt.Sprint(s.Deal(upTo(9), nil, 7)); got != "[[0 1 2 3] [4 5] [6 7 8]]" {
		t.Error(got)
	}
}

func TestStratifiedSharesAreExact(t *testing.T) {
	sizes := map[string]int{"a": 152, "b": 68, "c": 124, "d": 1, "e": 2, "f": 3, "g": 997}
	var classes []string
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		classes = append(classes, slices.Repeat([]string{name}, sizes[name])...)
	}
	for _, s := range []dataset.Split{
		{Train: share(0.6), Validation: share(0.2), Test: share(0.2), Stratify: dataset.Stratify{On: true}},
		{Validation: share(0.37), Stratify: dataset.Stratify{On: true}},
		{Train: share(0.3), Test: share(100), Stratify: dataset.Stratify{On: true}},
	} {
		counts := s.Counts(len(classes))
		parts := s.Deal(upTo(len(classes)), classes, 3)
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

// Statistics come from the training split only: other rows may change as they like.
func TestNothingLeaksFromOtherParts(t *testing.T) {
	table := func(spoil func(row int) bool) string {
		text := "a,b,y\n"
		for i := range 60 {
			a, b, y := fmt.Sprint(i), string(rune('p'+i%3)), string(rune('u'+i%2))
			if spoil(i) {
				a, b = "1e6", "zzz"
			}
			text += a + "," + b + "," + y + "\n"
		}
		return text
	}
	const section = "{path: d.csv, target: y, split: {validation: 0.2, test: 0.2}}"
	clean := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"d.csv": table(func(int) bool { return false })}), section)
	others := map[int]bool{}
	for _, p := range []*dataset.Part{clean.Validation, clean.Test} {
		for r := range p.Stored.All() {
			others[int(r)] = true
		}
	}
	spoiled := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"d.csv": table(func(row int) bool { return others[row] })}), section)
	a, _ := json.Marshal(clean.Schema)
	b, _ := json.Marshal(spoiled.Schema)
	if string(a) != string(b) {
		t.Errorf("%s\n%s", a, b)
	}
	if len(others) != 24 {
		t.Error(len(others))
	}
}

func TestPartsFromFiles(t *testing.T) {
	files := map[string]string{"a.csv": "x,y\n1,u\n2,v\n3,u\n4,v\n", "b.csv": "y,x\nv,5\nu,6\n", "c.csv": "y\nv\n"}
	d := datasettest.MustLoad(t, datasettest.Write(t, files), "{train: a.csv, test: b.csv, target: y, split: {validation: 0.25}}")
	if d.Train.Rows() != 3 || d.Validation.Rows() != 1 || d.Test.Rows() != 2 {
		t.Error(d.Train.Rows(), d.Validation.Rows(), d.Test.Rows())
	}
	if got := d.Test.LabelCounts()[0]; !slices.Equal(got, []int{1, 1}) {
		t.Error(got)
	}
	plain := datasettest.MustLoad(t, datasettest.Write(t, files), "{train: a.csv, target: y}")
	if plain.Train.Rows() != 4 || plain.Validation != nil || plain.Test != nil {
		t.Error("official splits must stay as they are")
	}
	_, problems := datasettest.TryLoad(t, datasettest.Write(t, files), "{train: a.csv, test: c.csv, target: y}", 1)
	if !strings.Contains(problems, "dataset.test: lacks columns that the training split has: x") {
		t.Error(problems)
	}
}

func TestPermutation(t *testing.T) {
	a := dataset.Permutation(nil, 50, 1, 0)
	sorted := slices.Sorted(slices.Values(a))
	if slices.Equal(a, sorted) || sorted[0] != 0 || sorted[49] != 49 || len(slices.Compact(sorted)) != 50 {
		t.Error(a)
	}
	if !slices.Equal(a, dataset.Permutation(make([]int, 80), 50, 1, 0)) || slices.Equal(a, dataset.Permutation(nil, 50, 1, 1)) || slices.Equal(a, dataset.Permutation(nil, 50, 2, 0)) {
		t.Error("the order must follow from n, seed and number alone")
	}
}

// A sample is not the first rows, which may all be of one class, and follows from the seed.
func TestSample(t *testing.T) {
	text := "x,y\n"
	for i := range 400 {
		text += fmt.Sprintf("%d,%s\n", i, []string{"a", "b", "c", "d"}[i/100])
	}
	d := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"d.csv": text}), "{path: d.csv, target: y, split: {validation: 0}}")
	sample := d.Train.Sample(40, 1)
	for class, n := range sample.LabelCounts()[0] {
		if n < 4 || n > 16 {
			t.Errorf("%d of 40 rows are of class %d of four", n, class)
		}
	}
	rows := func(p *dataset.Part) []int32 { return slices.Collect(p.Stored.All()) }
	if a := rows(sample); sample.Rows() != 40 || !slices.IsSorted(a) || !slices.Equal(a, rows(d.Train.Sample(40, 1))) || slices.Equal(a, rows(d.Train.Sample(40, 2))) {
		t.Error(a)
	}
	if n := d.Train.Sample(1000, 1).Rows(); n != 400 {
		t.Error(n)
	}
}

func TestRebase(t *testing.T) {
	for section, want := range map[string]string{
		"{path: ../d.csv, target: y}":                    "[../../d.csv]",
		"{train: [a.csv, /x/b.csv], target: y}":          "[../../specs/a.csv /x/b.csv]",
		"{train: {images: i, labels: l}, target: label}": "[../../specs/i ../../specs/l]",
		"{format: synthetic, generator: xor}":            "[]",
	} {
		s, _ := datasettest.SettingsOf(t, section)
		moved, err := s.Rebase("/home/specs", "/home/runs/1")
		if err != nil {
			t.Fatal(err)
		}
		paths := []string{}
		if f, ok := moved.Format.(format.Filed); ok {
			f.EachFile(func(path *string) { paths = append(paths, *path) })
		}
		if got := fmt.Sprint(paths); got != want {
			t.Errorf("%s: %s, want %s", section, got, want)
		}
	}
}
