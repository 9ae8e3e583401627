package column_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

// TestSequenceColumn: a column of paths comes to the same bits as the series themselves in a column, and in a stream.
func TestSequenceColumn(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{
		"rec/a.csv": "t,x,y,who\n2,.5,4,me\n1,1e1,+2,me\n3,,6,me\n", "rec/b.jsonl": `{"t": 1, "y": 8, "x": 7}` + "\n", "rec/c.tsv": "y\tx\tt\n1\t2\t0\n3\t4\t9\n",
		"table.csv": "file,age,label\nrec/a.csv,30,no\nrec/b.jsonl,40,yes\nrec/c.tsv,50,no\n",
		"lists.csv": "file,age,label\n\"[[10,2],[0.5,4],[null,6]]\",30,no\n\"[[7,8]]\",40,yes\n\"[[2,1],[4,3]]\",50,no\n",
	})
	rest := "inputs: [{column: file, type: series%s}, {column: age, type: number}], target: {column: label, type: category}}"
	want := datasettest.MustLoad(t, dir, "{train: lists.csv, "+fmt.Sprintf(rest, ""))
	for _, files := range []string{", files: {order_by: t}", ", files: {order_by: t, columns: [x, y]}", ", files: {order_by: t, root: .}"} {
		got := datasettest.MustLoad(t, dir, "{train: table.csv, "+fmt.Sprintf(rest, files))
		if a, b := fmt.Sprint(got.Schema.Blocks, datasettest.Floats(got.Schema, got.Train, 1)), fmt.Sprint(want.Schema.Blocks, datasettest.Floats(want.Schema, want.Train, 1)); a != b {
			t.Errorf("%s\n%s\n%s", files, a, b)
		}
		if !strings.Contains(files, "columns") && !datasettest.Noted(got, "file: the channels of its files are x, y") {
			t.Errorf("%q", got.Notes)
		}
		data, err := json.Marshal(got.Schema)
		s := &dataset.Schema{}
		if err == nil {
			err = json.Unmarshal(data, s)
		}
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(filepath.Join(dir, "table.csv"))
		if err != nil {
			t.Fatal(err)
		}
		st, err := stream.Open(s, f, f.Name(), stream.Options{WithTarget: true})
		if err != nil {
			t.Fatal(err)
		}
		b := s.NewBatch(3)
		if n, err := st.Next(b, 3); n != 3 || err != nil || fmt.Sprint(st.Errors()) != "[<nil> <nil> <nil>]" {
			t.Fatal(n, err, st.Errors())
		}
		size := b.RowSize(1)
		for i, row := range datasettest.Floats(got.Schema, got.Train, 1) {
			n := int(b.Lengths[1][i]) * 2
			if a, b := fmt.Sprint(b.Floats[1][i*size:i*size+n]), fmt.Sprint(row[:n]); a != b || n == 0 {
				t.Errorf("row %d of a stream: %s, of the split: %s", i, a, b)
			}
		}
		f.Close()
		if name := got.Schema.Inputs[0].Spans()[1].Column; name != "y[1]" {
			t.Error(name)
		}
	}
	// files are found by their endings alone
	got := datasettest.MustLoad(t, dir, "{train: table.csv, inputs: [{column: file, type: series}], target: {column: label, type: category}}")
	if got.Schema.Inputs[0].Shape[1] != 3 || !datasettest.Noted(got, "channels of its files are t, x, y") {
		t.Error(got.Schema.Inputs[0].Shape, got.Notes)
	}
}

func TestSequenceColumnMistakes(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{
		"a.csv": "x,y\n1,2\n3,4\n", "word.csv": "x,y\n1,2\n3,two\n", "other.csv": "x,z\n1,2\n", "empty.csv": "x,y\n", "good.csv": "x,y\n5,6\n",
	})
	table := func(file string) map[string]any {
		return map[string]any{"t.csv": "file,label\na.csv,no\n" + file + ",yes\ngood.csv,yes\n"}
	}
	for _, c := range []struct{ file, files, want string }{
		{"word.csv", "{columns: [x, y]}", `t.csv:3: word.csv: line 3: column "y": "two" is not a number`},
		{"other.csv", "{}", `t.csv:3: other.csv: line 1: no column "y"`},
		{"empty.csv", "{}", "t.csv:3: empty.csv: has no rows"},
		{"none.csv", "{}", "t.csv:3: none.csv: no such file"},
		{"", "{}", `t.csv:3: column "file": is missing`},
		{"good.csv", "{root: nowhere}", "dataset.inputs[0].files.root: nowhere: no such file"},
		{"good.csv", "{order_by: at}", `no column "at"`},
		{"good.csv", "{columns: [x], order_by: x}", "is a channel too"},
		{"good.csv", "{delimiter: abc}", "dataset.inputs[0].files.delimiter: must be one character"},
		{"good.csv", "{}, window: 3", "is for a column of paths"},
	} {
		datasettest.Draw(t, dir, table(c.file))
		_, problems := datasettest.TryLoad(t, dir, "{train: t.csv, inputs: [{column: file, type: series, files: "+c.files+"}], target: {column: label, type: category}}", 1)
		if !strings.Contains(problems, c.want) {
			t.Errorf("%s %s: %s\nwant %s", c.file, c.files, problems, c.want)
		}
		if c.files != "{}" || c.file == "" {
			continue
		}
		d := datasettest.MustLoad(t, dir, "{train: t.csv, inputs: [{column: file, files: {on_error: skip}}], target: {column: label, type: category}}")
		if d.Train.Rows() != 2 || !datasettest.Noted(d, "warning: file: left out 1 file that cannot be read: "+c.file) || !datasettest.Noted(d, "1 row without file left out (on_error: skip)") {
			t.Errorf("%s: %q", c.file, d.Notes)
		}
	}
	// files by themselves are rows, and a table is known by its columns
	datasettest.Draw(t, dir, table("good.csv"))
	datasettest.Draw(t, dir, map[string]any{"new.csv": "y,x\n1,2\n3,4\n5,6\n", "semi.dat": "x;y\n1;2\n", "less.csv": "x\n1\n", "b\xff.csv": "x,y\n1,2\n"})
	s := datasettest.MustLoad(t, dir, "{train: t.csv, inputs: [{column: file, type: series, max_length: 9}], target: {column: label, type: category}}").Schema
	for name, want := range map[string]bool{"t.csv": true, "new.csv": false, "less.csv": true, "none.csv": false} {
		if got := stream.IsSequenceTable(s, filepath.Join(dir, name), stream.Options{}); got != want {
			t.Errorf("%s is a table: %v", name, got)
		}
	}
	paths := func(yield func(stream.SequenceFile) bool) {
		for _, name := range []string{"good.csv", "new.csv", "less.csv", "semi.dat", "b\xff.csv"} {
			if !yield(stream.SequenceFile{Path: filepath.Join(dir, name), Name: name}) {
				return
			}
		}
	}
	for _, o := range []stream.Options{{}, {Format: "csv", Delimiter: ";"}} {
		st, err := stream.OpenSequences(s, paths, o)
		if err != nil {
			t.Fatal(err)
		}
		b := s.NewBatch(5)
		if n, err := st.Next(b, 5); n != 5 || err != nil {
			t.Fatal(n, err)
		}
		st.Close()
		got := fmt.Sprint(b.Lengths[0], st.Errors())
		want := map[string]string{"": `[1 3 0 0 0] [<nil> <nil> line 3: line 1: no column "y"; the columns are: x line 4: the header has 1 semicolon but no comma; set delimiter: ";" line 5: the name of the file is not UTF-8; rename it]`, ";": "[0 0 0 1 0]"}[o.Delimiter]
		if !strings.HasPrefix(got, want) {
			t.Errorf("%+v: %s", o, got)
		}
	}
	if _, err := stream.OpenFolder(s, dir, stream.Options{WithTarget: true}); err == nil || !strings.Contains(err.Error(), "have no target") {
		t.Error(err)
	}
	// a file that changes is other data
	datasettest.Draw(t, dir, table("good.csv"))
	section := "{train: t.csv, inputs: [{column: file, type: series}], target: {column: label, type: category}}"
	before := datasettest.MustLoad(t, dir, section).Digest
	datasettest.Draw(t, dir, map[string]any{"good.csv": "x,y\n5,7\n"})
	if datasettest.MustLoad(t, dir, section).Digest == before {
		t.Error("the digest does not tell a change of a file")
	}
}
