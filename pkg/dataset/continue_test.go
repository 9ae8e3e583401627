package dataset_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/forecast"
)

// shops writes the days from one on of each shop, whose values count from 100, 200 and so on.
func shops(from, to int, names string) string {
	var b strings.Builder
	b.WriteString("v,day,shop\n")
	for day := from; day < to; day++ {
		for k, name := range strings.Fields(names) {
			fmt.Fprintf(&b, "%d,2024-01-%02d,%s\n", 100*(k+1)+day, day, name)
		}
	}
	return b.String()
}

const follows = ", order_by: day, group: shop, split: {validation: 0}, target: {column: v, horizon: 2, normalize: none}, inputs: [{column: v, type: series, window: 3, normalize: none, level: keep}]}"

// TestOfficialSplitsGoOn: windows of a test file look back into the training file, where its rows follow, and scores count its
// own rows alone: they are the same as of one table that is cut there.
func TestOfficialSplitsGoOn(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"a.csv": shops(1, 11, "a b"), "b.csv": shops(11, 14, "a b c"), "late.csv": shops(13, 18, "a b"), "all.csv": shops(1, 14, "a b")})
	rows := func(d *dataset.Data) (list []string) {
		for i, row := range datasettest.Floats(d.Schema, d.Test, 0) {
			list = append(list, fmt.Sprint(filepath.Base(d.Test.Place(i)), row))
		}
		return list
	}
	section := "{train: a.csv, test: b.csv" + follows
	d := datasettest.MustLoad(t, dir, section)
	if got := fmt.Sprint(rows(d)); got != "[b.csv:2[108 109 110] b.csv:5[109 110 111] b.csv:3[208 209 210] b.csv:6[209 210 211]]" {
		t.Error(got)
	}
	if !datasettest.Noted(d, "test: goes on from the training split") || !datasettest.Noted(d, "test: 3 rows left out because they do not have 3 rows before them") {
		t.Errorf("%q", d.Notes)
	}
	cut := datasettest.MustLoad(t, dir, "{path: all.csv"+strings.Replace(follows, "validation: 0", "validation: 0, test: 3", 1))
	for i, row := range datasettest.Floats(cut.Schema, cut.Test, 0) {
		if want := rows(d)[i]; !strings.HasSuffix(want, fmt.Sprint(row)) {
			t.Errorf("%v, want %s", row, want)
		}
	}
	if late := datasettest.MustLoad(t, dir, "{train: a.csv, test: late.csv"+follows); late.Test.Rows() != 2 || datasettest.Noted(late, "goes on") {
		t.Errorf("%d rows, %q", late.Test.Rows(), late.Notes)
	}
	// with validation between, of which test goes on
	three := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"a.csv": shops(1, 8, "a b"), "v.csv": shops(8, 10, "a b"), "b.csv": shops(10, 12, "a b")}), "{train: a.csv, validation: v.csv, test: b.csv"+strings.Replace(follows, "split: {validation: 0}, ", "every: day, ", 1))
	if three.Test.Rows() != 2 || three.Validation.Rows() != 2 || fmt.Sprint(datasettest.Floats(three.Schema, three.Test, 0)[0]) != "[107 108 109]" {
		t.Errorf("%d rows, %q", three.Test.Rows(), three.Notes)
	}
	settings, _ := datasettest.SettingsOf(t, section)
	f, err := forecast.Own(settings, datasettest.Again(t, d.Schema), dir, 1, 1)
	if err != nil || fmt.Sprint(f.Times(0), f.Past(0, 0, 4)) != "[2024-01-14] [110 111 112 113]" {
		t.Error(err, f.Times(0), f.Past(0, 0, 4))
	}
}
