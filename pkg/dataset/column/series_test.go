package column_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

func TestWindows(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": datasettest.CountTable(20, "", datasettest.Nothing)})
	d := datasettest.MustLoad(t, dir, "{path: d.csv, inputs: [{column: v, type: series, window: 3, normalize: none, level: keep}], target: {column: v, type: series, normalize: none}, split: {validation: 4, test: 5}}")
	if got := fmt.Sprint(d.Train.Rows(), d.Validation.Rows(), d.Test.Rows()); got != "8 4 5" {
		t.Fatal(got, d.Notes)
	}
	if got := fmt.Sprint(d.Schema.Blocks[0]); got != "{v false [3 1] false}" {
		t.Error(got)
	}
	for _, c := range []struct {
		part *dataset.Part
		want string
	}{{d.Train, "[[1 2 3] [2 3 4]"}, {d.Validation, "[[9 10 11] [10 11 12]"}, {d.Test, "[[13 14 15] [14 15 16]"}} {
		if got := fmt.Sprint(datasettest.Floats(d.Schema, c.part, 0)); !strings.HasPrefix(got, c.want) {
			t.Error(got, c.want)
		}
	}
	b := d.Schema.NewBatch(5)
	d.Test.FillFrom(b, 0, 5)
	if got := fmt.Sprint(b.Heads[0].Floats); got != "[16 17 18 19 20]" {
		t.Error(got)
	}
}

// TestHorizon: the targets of a row follow its window, and those of two splits never overlap.
func TestHorizon(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": datasettest.CountTable(20, ",k", func(i int) string { return fmt.Sprintf(",%d", i%3) })})
	d := datasettest.MustLoad(t, dir, `{path: d.csv, split: {validation: 4, test: 5}, target: {column: v, horizon: 3, normalize: none},
  inputs: [{column: v, type: series, window: 2, normalize: none, level: keep}, {columns: [k], known: true, normalize: none}]}`)
	if got := fmt.Sprint(d.Train.Rows(), d.Validation.Rows(), d.Test.Rows(), d.Schema.Heads[0].Columns, d.Schema.Heads[0].Width); got != "7 2 3 [v+1 v+2 v+3] 3" {
		t.Fatal(got, d.Notes)
	}
	b := d.Schema.NewBatch(7)
	d.Train.FillFrom(b, 6, 1)
	if got := fmt.Sprint(b.Floats[0][:2], b.Floats[1][:3], b.Heads[0].Floats[:3]); got != "[7 8] [0 1 2] [9 10 11]" {
		t.Error(got)
	}
	d.Test.FillFrom(b, 0, 3)
	if got := fmt.Sprint(b.Floats[0][:6], b.Heads[0].Floats[:9]); got != "[14 15 15 16 16 17] [16 17 18 17 18 19 18 19 20]" {
		t.Error(got)
	}
	if !datasettest.Noted(d, "train: 2 rows left out because their 3 rows to predict reach beyond the split") {
		t.Error(d.Notes)
	}
}

// TestGroups: rows of several series stand mixed and unsorted; no window reaches from one into another, and each gives its
// last rows to the test split.
func TestGroups(t *testing.T) {
	var b strings.Builder
	b.WriteString("store,date,v\n")
	for i := 9; i >= 0; i-- {
		fmt.Fprintf(&b, "b,2020-01-%02d,%d\na,2020-01-%02d,%d\n", i+1, 100+i, i+1, i)
	}
	dir := datasettest.Write(t, map[string]string{"d.csv": b.String()})
	section := "{path: d.csv, group: store, order_by: date, split: {validation: 2, test: 3}, target: {column: v, type: series, normalize: none}, inputs: [{column: v, window: 2, type: series, normalize: none, level: keep}]}"
	d := datasettest.MustLoad(t, dir, section)
	if got := fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 0)); got != "[[100 101] [101 102] [102 103] [0 1] [1 2] [2 3]]" {
		t.Error(got)
	}
	if got := fmt.Sprint(datasettest.Floats(d.Schema, d.Test, 0)); got != "[[105 106] [106 107] [107 108] [5 6] [6 7] [7 8]]" {
		t.Error(got)
	}
	if got := d.Test.Place(0); !strings.HasSuffix(got, "d.csv:6") {
		t.Error(got)
	}
	_, problems := datasettest.TryLoad(t, dir, strings.Replace(section, " order_by: date,", "", 1), 1)
	if !strings.Contains(problems, `the rows are not sorted by the column "date"`) || !strings.Contains(problems, "order_by: date sorts them") {
		t.Error(problems)
	}
	_, problems = datasettest.TryLoad(t, dir, strings.Replace(section, " group: store,", "", 1), 1)
	if !strings.Contains(problems, `two rows have the same "date"`) {
		t.Error(problems)
	}
}

// TestLongTable: the rows of an id, in their order, are one row of the dataset.
func TestLongTable(t *testing.T) {
	csv := "patient,time,pulse,temp,sick\nx,2,72,37,no\ny,1,80,38,yes\nx,1,70,36,no\nz,1,60,,no\ny,2,90,39,yes\ny,3,95,40,yes\n"
	dir := datasettest.Write(t, map[string]string{"d.csv": csv})
	section := "{train: d.csv, sequence_id: patient, order: time, target: {column: sick, type: category}, inputs: [{name: vitals, columns: [pulse, temp], type: series, normalize: none, missing: zero}]}"
	d := datasettest.MustLoad(t, dir, section)
	b := d.Schema.NewBatch(3)
	d.Train.FillFrom(b, 0, 3)
	if got := fmt.Sprint(d.Schema.Blocks[0], b.Lengths[0], b.Floats[0], b.Heads[0].Ints); got != "{vitals false [3 2] true} [2 3 1] [70 36 72 37 0 0 80 38 90 39 95 40 60 0 0 0 0 0] [0 1 0]" {
		t.Error(got)
	}
	st, err := stream.Open(d.Schema, strings.NewReader("patient,time,pulse,temp\n"), "empty.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := st.Next(b, 3); n != 0 || err != io.EOF {
		t.Errorf("a table without rows gives %d (%v)", n, err)
	}
	dir = datasettest.Write(t, map[string]string{"d.csv": strings.Replace(csv, "y,3,95,40,yes", "y,3,95,40,no", 1)})
	if _, problems := datasettest.TryLoad(t, dir, section, 1); !strings.Contains(problems, `patient "y": column "sick" is "yes" at `) {
		t.Error(problems)
	}
}

// TestUnevenColumns: gaps at the end of a row of columns make a series shorter, and two channels are as long as the longer.
func TestUnevenColumns(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "x1,x2,x3,z1,z2,z3,y\n1,2,3,4,5,6,0\n1,,,7,8,,1\n1,,3,7,8,9,0\n", `target: y, inputs: [{name: s, columns: ["x*", "z*"], channels: 2, type: series, normalize: none}]`)
	if problems != "" {
		t.Fatal(problems)
	}
	b := d.Schema.NewBatch(3)
	d.Train.FillFrom(b, 0, 3)
	if got := fmt.Sprint(b.Lengths[0], b.Floats[0]); got != "[3 2 3] [1 4 2 5 3 6 1 7 1 8 0 0 1 7 2 8 3 9]" {
		t.Error(got)
	}
}

// TestJSONSeries: lists of lists are steps of channels, null is a gap.
func TestJSONSeries(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.jsonl": `{"r":[[1,2],[3,null],[5,6]],"y":1}
{"r":[[1,2]],"y":2}
{"r":[],"y":3}
`})
	d := datasettest.MustLoad(t, dir, "{train: d.jsonl, target: y, inputs: [{column: r, type: series, normalize: none}]}")
	b := d.Schema.NewBatch(3)
	d.Train.FillFrom(b, 0, 3)
	if got := fmt.Sprint(b.Lengths[0], b.Floats[0][:12]); got != "[3 1 0] [1 2 3 4 5 6 1 2 0 0 0 0]" {
		t.Error(got)
	}
}

// TestOffset: a window of a series with a trend loses its mean, which the target counts from, also on scales of their own.
func TestOffset(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": datasettest.CountTable(20, "", datasettest.Nothing)})
	section := "{path: d.csv, inputs: [{column: v, type: series, window: 3}], target: {column: v, type: series, normalize: minmax}, split: {test: 5}}"
	d := datasettest.MustLoad(t, dir, section)
	b := d.Schema.NewBatch(1)
	d.Test.FillFrom(b, 0, 1)
	own := make([]float64, 2)
	d.Schema.Heads[0].Denormalized(own, []float32{b.Offset[0], b.Heads[0].Floats[0]})
	if fmt.Sprintf("%.4f", own) != "[14.0000 16.0000]" || b.Floats[0][1] != 0 || b.Floats[0][0] >= 0 || b.Floats[0][2] <= 0 || !datasettest.Noted(d, "a straight line explains 100 %") {
		t.Error(own, b.Floats[0], d.Notes)
	}
	d = datasettest.MustLoad(t, dir, strings.Replace(section, "window: 3", "window: 3, level: last", 1))
	b = d.Schema.NewBatch(1)
	d.Test.FillFrom(b, 0, 1)
	d.Schema.Heads[0].Denormalized(own[:1], b.Offset)
	if fmt.Sprintf("%.4f", own[:1]) != "[15.0000]" || b.Floats[0][2] != 0 {
		t.Error(own, b.Floats[0])
	}
	d = datasettest.MustLoad(t, dir, strings.Replace(section, "window: 3", "window: 3, level: keep", 1))
	if d.Schema.LabelColumns.HasOffset() {
		t.Error("an offset that was kept is added")
	}
}

// TestNoLeak: the statistics are those of the training split, the rows without a history among them.
func TestNoLeak(t *testing.T) {
	text := datasettest.CountTable(10, "", datasettest.Nothing) + "1000\n2000\n3000\n"
	dir := datasettest.Write(t, map[string]string{"d.csv": text})
	d := datasettest.MustLoad(t, dir, "{path: d.csv, inputs: [{column: v, type: series, window: 3, normalize: minmax, level: keep}], target: {column: v, type: series, normalize: minmax}, split: {validation: 2, test: 1}}")
	e := d.Schema.Inputs[0].Encoder.(*column.SeriesEncoder)
	want := column.Scaling{Shift: 1, Scale: 9}
	if s, _ := d.Schema.LabelColumns[0].Scaling(); e.Channels[0].Scaling != want || s != want {
		// 13 rows: 10 train, the next 2 validate
		t.Error(e.Channels[0].Scaling, s)
	}
}

// TestTimeMistakes: settings of time that do not fit each other or the data are told, and nothing else because of them.
func TestTimeMistakes(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": datasettest.CountTable(20, ",k", func(i int) string { return ",x" })})
	for section, want := range map[string]string{
		"inputs: [{column: v, type: series}], target: {column: v, type: series}":                                  "dataset.inputs[0]: window is missing",
		"inputs: [{column: v, window: 2}], target: {column: v, horizon: 2}, split: {order: false}":                "a horizon of several steps needs order: true",
		"inputs: [{column: v, window: 18}], target: {column: v, horizon: 3}":                                      "no row of the training split has 18 rows before it and 3 rows to predict (the training split has 16 rows)",
		"inputs: [{column: v, window: 2}], target: {column: v, horizon: 3}, split: {validation: 15, test: 15}":    "20 rows leave none for training",
		"inputs: [{column: v, window: 2, normalize: log_zscore, level: last}], target: {column: v, horizon: 3}":   "the same logarithm",
		"inputs: [{column: v, window: 2, known: true}], target: {column: v, horizon: 3}":                          "use a separate input for each",
		"inputs: [{column: k, window: 2}], target: {column: v, horizon: 3}":                                       `column "k" has no number`,
		"inputs: [{column: v, window: 2}], target: [{column: v, horizon: 3}, {column: k, horizon: 2}]":            "want the same",
		"inputs: [{column: v, window: 2}], target: {column: v, horizon: 3}, order_by: day":                        `no column "day"`,
		"inputs: [{column: v, window: 2}], target: {column: v, horizon: 3}, order_by: k":                          `column "k": "x" is neither a number nor a date`,
		"inputs: [{column: v, window: 2}], target: {column: v, horizon: 3}, group: shop":                          `no column "shop"`,
		"inputs: [v], target: k, group: v":                                                                        "is for windows",
		"inputs: [{column: v, type: series}], target: k, sequence_id: id":                                         `no column "id"`,
		"inputs: [{column: v, window: 2}], target: k, sequence_id: k":                                             "group: k",
		"inputs: [{column: v, type: series}], target: {column: v, horizon: 2}, sequence_id: k":                    "needs windows instead",
		"inputs: [{columns: [v, k], type: series, channels: 3}], target: v":                                       "cannot be divided among 3 channels",
		"inputs: [{column: v, window: 2}], target: {column: v, horizon: 3}, split: {order: true, stratify: true}": "cannot be used together",
		"inputs: [{column: v, window: 2, ends: row}], target: {column: v, horizon: 3}":                            "or the net only copies it",
	} {
		if _, problems := datasettest.TryLoad(t, dir, "{path: d.csv, "+section+"}", 1); !strings.Contains(problems, want) {
			t.Errorf("%s: got %q, want %q", section, problems, want)
		}
	}
}

// TestFillsWithoutALogarithm: what is put into gaps has a place on the scale, or the setting is one mistake, whatever the gaps.
func TestFillsWithoutALogarithm(t *testing.T) {
	table := "v,w,k\n1,2,1\n,4,2\n3,,3\n,5,4\n5,3,5\n"
	for section, want := range map[string]string{
		"{column: v, type: series, window: 2, missing: zero, normalize: log_zscore}":            "dataset.inputs[0].missing: fills gaps with 0, but 0 has no logarithm: normalize expects numbers above 0",
		"{columns: [v, w], type: series, missing: zero, normalize: log_zscore}":                 "dataset.inputs[0].missing: fills gaps with 0",
		"{column: v, missing: constant, fill: -1, type: number, normalize: log1p}":              "dataset.inputs[0].fill: fills gaps with -1, but -1 has no logarithm: normalize expects numbers above -1",
		"{columns: [v, w], missing: constant, fill: 0, type: number, normalize: log_zscore}":    "dataset.inputs[0].fill: fills gaps with 0",
		"{columns: [v, w], type: series, missing: zero, normalize: log1p}":                      "",
		"{columns: [v, w], type: number, missing: constant, fill: 1e-3, normalize: log_zscore}": "",
		"{column: k, type: series, window: 2, missing: interpolate, normalize: log_zscore}":     "",
	} {
		_, problems := datasettest.LoadTable(t, table, "inputs: ["+section+"], target: k")
		if want == "" && problems != "" || !strings.Contains(problems, want) || strings.Count(problems, "\n") > 1 || strings.Count(problems, "gaps") > 1 {
			t.Errorf("%s\n%s\nwant %s", section, problems, want)
		}
	}
}
