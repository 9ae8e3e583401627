package format_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/format"
)

// TestSequenceFolderEqualsLongTable: the same data comes to the same bits, in whatever files it lies.
func TestSequenceFolderEqualsLongTable(t *testing.T) {
	files, long := datasettest.Recordings()
	files["long.csv"] = long
	dir := datasettest.Draw(t, t.TempDir(), files)
	rest := "inputs: [{columns: [x, y], type: series}], target: {column: class, type: category}, split: {train: 4, validation: 2, test: 2}}"
	a := datasettest.MustLoad(t, dir, "{format: sequence_folder, path: set, "+rest)
	b := datasettest.MustLoad(t, dir, "{path: long.csv, sequence_id: id, "+rest)
	if a.Schema.Inputs[0].Shape[0] < 5 || fmt.Sprint(a.Schema.Heads[0].Classes) != "[run walk]" {
		t.Error(a.Schema.Inputs[0].Shape, a.Schema.Heads[0].Classes)
	}
	for _, split := range format.Splits {
		p, q := a.Part(split), b.Part(split)
		if p.Rows() != q.Rows() {
			t.Fatal(split, p.Rows(), q.Rows())
		}
		x, y := a.Schema.NewBatch(p.Rows()), b.Schema.NewBatch(q.Rows())
		p.FillFrom(x, 0, p.Rows())
		q.FillFrom(y, 0, q.Rows())
		if got, want := fmt.Sprint(x.Floats, x.Lengths, x.Heads[0].Ints), fmt.Sprint(y.Floats, y.Lengths, y.Heads[0].Ints); got != want {
			t.Errorf("%s\n%s\n%s", split, got, want)
		}
	}
	if got := a.Train.Place(0); !strings.HasPrefix(got, "set/") && !strings.Contains(got, "/set/") || strings.Contains(got, ".csv:") {
		t.Error(got)
	}
	if a.Train.Cells.Table.Long.Steps.Columns != nil {
		t.Error("the text of the files is still held")
	}
}

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.String()
}

// TestSequenceFolderForms: all forms may lie in one folder, columns in any order; what is hidden or of another sort is left out.
func TestSequenceFolderForms(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{
		"set/a/1.csv": "t,x,y\n2,20,5\n1,10,4\n", "set/a/2.tsv": "y\tx\tt\n8\t7\t1\n", "set/b/deep/3.jsonl": `{"x": 1, "y": 2, "t": 1}` + "\n" + `{"t": 2, "y": 3}` + "\n",
		"set/b/4.csv.gz": gzipped("t,x,y\n1,9,9\n"), "set/b/.5.csv": "no", "set/b/readme.txt": "no", "set/labels.csv": "no", "set/none/x.md": "",
	})
	t.Chdir(dir)
	d := datasettest.MustLoad(t, dir, "{format: sequence_folder, train: set, order_by: t, inputs: [{columns: [x, y], type: series, normalize: none, missing: zero}]}")
	if got := fmt.Sprint(d.Schema.Blocks, d.Schema.Heads[0].Columns, d.Schema.Heads[0].Classes); got != "[{x false [2 2] true}] [class] [a b]" {
		t.Error(got)
	}
	var places []string
	for i := range d.Train.Rows() {
		places = append(places, d.Train.Place(i))
	}
	if got := strings.Join(places, " "); got != "set/a/1.csv set/a/2.tsv set/b/4.csv.gz set/b/deep/3.jsonl" {
		t.Error(got)
	}
	if got := fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 0)); got != "[[10 4 20 5] [7 8 0 0] [9 9 0 0] [1 2 0 3]]" {
		t.Error(got)
	}
	for _, note := range []string{
		"set: left out 2 files that are not named as CSV, TSV or JSON Lines (.md, .txt)", "set: left out 1 hidden file",
		"warning: set: left out 1 sequence that is not in the folder of a class", "warning: set: the folder none contains no sequences",
	} {
		if !datasettest.Noted(d, note) {
			t.Errorf("no note %q in %q", note, d.Notes)
		}
	}
}

// A column of numbers with a slip is not left out, and the slip is told.
func TestSequenceFolderColumnWithASlip(t *testing.T) {
	files, _ := datasettest.Recordings()
	slip := "x,y\n1,0\nq,0\n"
	files["set/walk/999.csv"] = slip
	d := datasettest.MustLoad(t, datasettest.Draw(t, t.TempDir(), files), "{format: sequence_folder, path: set, split: {train: 5, validation: 2, test: 2}}")
	if got := fmt.Sprint(d.Schema.Inputs[0].Columns); got != "[x y]" || !datasettest.Noted(d, `warning: x holds numbers, so "q" (1 row) is a gap`) {
		t.Errorf("%s %q", got, d.Notes)
	}
}

// TestSequenceFolderInputs: without inputs it is all columns of numbers; a column that is the same in a whole file may be an
// input of its own, and answers may be for each step.
func TestSequenceFolderInputs(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{
		"set/1.csv": "at,x,y,age,state,word\n1,1,2,30,on,hm\n2,3,4,30,off,hm\n", "set/2.csv": "at,x,y,age,state,word\n1,5,,40,on,so\n",
	})
	d := datasettest.MustLoad(t, dir, "{format: sequence_folder, train: set, order_by: at, target: {column: state, type: tags}}")
	if got := fmt.Sprint(d.Schema.Inputs[0].Name, d.Schema.Inputs[0].Columns); got != "sequence[x y age]" || !datasettest.Noted(d, "a series of x, y, age, called sequence; left out because they hold more than numbers: word") {
		t.Errorf("%s %q", got, d.Notes)
	}
	d = datasettest.MustLoad(t, dir, "{format: sequence_folder, train: set, target: age, inputs: [{columns: [x, y], type: series}, {column: word, type: category, min_count: 1}]}")
	b := d.Schema.NewBatch(2)
	d.Train.FillFrom(b, 0, 2)
	if got := fmt.Sprint(len(d.Schema.Inputs), b.Lengths[1]); got != "2 [2 1]" {
		t.Error(got, b.Lengths)
	}
	// without a line of names
	dir = datasettest.Draw(t, t.TempDir(), map[string]any{"set/b/1.csv": "1;2\n3;4\n", "set/a/2.csv": "5;6\n"})
	d = datasettest.MustLoad(t, dir, `{format: sequence_folder, train: set, header: [p, q], delimiter: ";", inputs: [{columns: [q], type: series, normalize: none}]}`)
	if got := fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 0)); got != "[[6 0] [2 4]]" {
		t.Error(got)
	}
	// other endings
	dir = datasettest.Draw(t, t.TempDir(), map[string]any{"set/b/1.txt": "1\n\n3\n", "set/a/2.dat": "6\n"})
	d = datasettest.MustLoad(t, dir, `{format: sequence_folder, train: set, form: csv, header: false, inputs: [{columns: [c0], type: series, normalize: none}]}`)
	if got := d.Schema.Inputs[0].Shape; got[1] != 1 || d.Train.Rows() != 2 {
		t.Error(got)
	}
}

func TestSequenceFolderMistakes(t *testing.T) {
	good := "x,y\n1,2\n3,4\n"
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{
		"lacks/a/1.csv": good, "lacks/b/2.csv": "x,z\n1,2\n", "empty/a/1.csv": good, "empty/b/2.csv": "", "bare/a/1.csv": good, "bare/b/2.csv": "x,y\n",
		"ragged/a/1.csv": good, "ragged/b/2.csv": "x,y\n1,2\n1\n", "word/a/1.csv": good, "word/b/2.csv": "x,y\n1,2\n1,two\n", "parts/train/1.csv": good, "parts/test/2.csv": good,
		"txt/a/1.txt": good, "nameless/a/1.csv": "1,2\n3,4\n", "nameless/b/2.csv": "5,6\n", "wide/a/1.csv": "1,2\n", "wide/b/2.csv": "1,2,3\n",
		"dos/a/1.csv": good, "dos/b/2.csv": "\xff\xfex\x00", "flat/1.csv": good, "flat/2.csv": good, "semi/a/1.csv": "x;y\n1;2\n", "table.csv": good,
		"lacks/b/9.csv": good, "empty/b/9.csv": good, "bare/b/9.csv": good, "ragged/b/9.csv": good, "dos/b/9.csv": good, "many/a/1.csv": good, "many/b/1.csv": "", "many/b/2.csv": "", "many/b/3.csv": "", "many/b/4.csv": "", "many/b/5.csv": "",
	})
	t.Chdir(dir)
	const xy = "inputs: [{columns: [x, y], type: series}]"
	for section, want := range map[string]string{
		"train: lacks, " + xy:                              `lacks/b/2.csv:1: no column "y"; the columns are: x, z, which lacks/a/1.csv has`,
		"train: empty, " + xy:                              "empty/b/2.csv: the header: the file is empty",
		"train: bare, " + xy:                               "bare/b/2.csv: has no rows: a sequence without steps",
		"train: ragged, " + xy:                             "ragged/b/2.csv:3: 1 field, but there are 2 columns",
		"train: word, " + xy:                               `word/b/2.csv:3: column "y": "two" is not a number`,
		"train: parts, " + xy:                              "contains the splits (test, train), not classes",
		"train: txt, " + xy:                                "txt contains no sequences (files of CSV, TSV or JSON Lines); expected them in a folder for each class, or in the folder itself; for files with other extensions",
		"train: nameless, " + xy:                           "is there no header line? Then give the names with header: [...]",
		"train: wide, header: false":                       "wide/b/2.csv:1: has 3 columns, and wide/a/1.csv 2",
		"train: dos, " + xy:                                "dos/b/2.csv: has no rows: a sequence without steps",
		"train: flat, target: class, " + xy:                `no column "class"`,
		"train: semi, " + xy:                               `set delimiter: ";"`,
		"train: table.csv, " + xy:                          "table.csv is a file; expected a folder",
		"train: none, " + xy:                               "none: no such file",
		"train: many, " + xy:                               "files that cannot be read: 2 more files like this",
		"train: lacks, inputs: [x]":                        `column "x" is "1" at lacks/a/1.csv:2 and "3" at lacks/a/1.csv:3; columns that vary within a file need an input of type: series`,
		"train: flat, sequence_id: id, " + xy:              "each file is a sequence already",
		"train: flat, target: {column: x, horizon: 2}":     "a table whose rows follow one another",
		"train: flat, inputs: [{column: x, window: 2}]":    "each file is one sequence; windows",
		"train: flat, group: x, target: x, " + xy:          "is for windows over the rows of one table",
		"train: flat, delimiter: \"ab\", target: x, " + xy: "must be one character",
		"path: flat, train: flat, target: x, " + xy:        "give either path",
		xy: "path is missing",
	} {
		_, problems := datasettest.TryLoad(t, dir, "{format: sequence_folder, "+section+"}", 1)
		if !strings.Contains(problems, want) {
			t.Errorf("%s:\n%s\nwant %s", section, problems, want)
		}
	}
	for _, set := range []string{"empty", "bare", "ragged", "lacks", "dos"} {
		d := datasettest.MustLoad(t, dir, "{format: sequence_folder, train: "+set+", on_error: skip, "+xy+"}")
		if d.Train.Rows() != 2 || !datasettest.Noted(d, "warning: "+set+": left out 1 file of 3 that cannot be read: b/2.csv: ") {
			t.Errorf("%s: %d rows, %q", set, d.Train.Rows(), d.Notes)
		}
	}
	if _, problems := datasettest.TryLoad(t, dir, "{path: flat}", 1); !strings.Contains(problems, "format: sequence_folder if each of its files is a sequence") {
		t.Error(problems)
	}
}

// TestSequenceFolderDigest: data that changed is known, also if only a name did.
func TestSequenceFolderDigest(t *testing.T) {
	files, _ := datasettest.Recordings()
	dir := datasettest.Draw(t, t.TempDir(), files)
	section := "{format: sequence_folder, train: set, inputs: [{columns: [x, y], type: series}]}"
	before := datasettest.MustLoad(t, dir, section).Digest
	if again := datasettest.MustLoad(t, dir, section).Digest; again != before {
		t.Error("another digest of the same files")
	}
	digests := []string{before}
	change := func(what func(name string) error, name string) {
		if err := what(filepath.Join(dir, "set", name)); err != nil {
			t.Fatal(err)
		}
		if d := datasettest.MustLoad(t, dir, section).Digest; slices.Contains(digests, d) {
			t.Error("the digest does not tell a change of " + name)
		} else {
			digests = append(digests, d)
		}
	}
	change(func(name string) error { return os.Rename(name, filepath.Join(filepath.Dir(name), "0035.csv")) }, "run/003.csv")
	change(func(name string) error { return os.WriteFile(name, []byte("x,y\n0,0\n"), 0o666) }, "walk/004.csv")
	change(os.Remove, "walk/005.csv")
}
