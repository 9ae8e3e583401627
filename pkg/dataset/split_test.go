package dataset_test

import (
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/format"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

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
