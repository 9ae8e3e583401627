package stream_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

// allOf reads a stream to its end, so many rows at a time.
func allOf(t *testing.T, s *dataset.Schema, st *stream.Stream, rows int) (all []string, errs []string) {
	t.Helper()
	b := s.NewBatch(rows)
	for {
		n, err := st.Next(b, rows)
		if err == io.EOF {
			return all, errs
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			size := b.RowSize(0)
			own := b.Floats[0][i*size : i*size+int(b.Lengths[0][i])*s.Inputs[0].Shape[1]]
			all = append(all, fmt.Sprint(st.Records()[i][0], " ", b.Heads[0].Ints[i], " ", own))
			if e := st.Errors()[i]; e != nil {
				errs = append(errs, st.Records()[i][0]+": "+e.Error())
			}
		}
	}
}

// TestSequenceStreams: files come to the same bits in a folder, in a table, and as splits of the training data.
func TestSequenceStreams(t *testing.T) {
	files, long := datasettest.Recordings()
	files["long.csv"] = strings.Replace(long, "id,", "file,", 1)
	dir := datasettest.Draw(t, t.TempDir(), files)
	d := datasettest.MustLoad(t, dir, "{format: sequence_folder, train: set, inputs: [{columns: [x, y], type: series}]}")
	var want []string
	b := d.Schema.NewBatch(1)
	for i := range d.Train.Rows() {
		d.Train.FillFrom(b, i, 1)
		name, _ := filepath.Rel(filepath.Join(dir, "set"), d.Train.Place(i))
		want = append(want, fmt.Sprint(filepath.ToSlash(name), " ", b.Heads[0].Ints[0], " ", b.Floats[0][:2*b.Lengths[0][0]]))
	}
	for _, rows := range []int{1, 3, 20} {
		st, err := stream.OpenFolder(d.Schema, filepath.Join(dir, "set"), stream.Options{WithTarget: true})
		if err != nil {
			t.Fatal(err)
		}
		if got, errs := allOf(t, d.Schema, st, rows); fmt.Sprint(got) != fmt.Sprint(want) || errs != nil {
			t.Errorf("%d rows at a time: %q\n%q\n%q", rows, errs, got, want)
		}
		st.Close()
		f, err := os.Open(filepath.Join(dir, "long.csv"))
		if err != nil {
			t.Fatal(err)
		}
		if st, err = stream.Open(d.Schema, f, "long.csv", stream.Options{WithTarget: true}); err != nil {
			t.Fatal(err)
		}
		if got, errs := allOf(t, d.Schema, st, rows); fmt.Sprint(got) != fmt.Sprint(want) || errs != nil {
			t.Errorf("%d rows at a time of a table: %q\n%q\n%q", rows, errs, got, want)
		}
		f.Close()
	}
	if !stream.IsSequenceTable(d.Schema, filepath.Join(dir, "long.csv"), stream.Options{}) || stream.IsSequenceTable(d.Schema, filepath.Join(dir, "set/run/000.csv"), stream.Options{}) {
		t.Error("a table and a sequence are not told apart")
	}
	// one sequence, whose name is no matter
	st, err := stream.Open(d.Schema, strings.NewReader("y,x,k\n1,2,3\n4,5,6\n"), "standard input", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, errs := allOf(t, d.Schema, st, 8); len(got) != 1 || errs != nil {
		t.Errorf("%q %q", got, errs)
	}
}

// TestSequenceStreamMistakes: a file that cannot be read keeps its place, or is left out where that is asked for.
func TestSequenceStreamMistakes(t *testing.T) {
	files, _ := datasettest.Recordings()
	dir := datasettest.Draw(t, t.TempDir(), files)
	d := datasettest.MustLoad(t, dir, "{format: sequence_folder, train: set, inputs: [{columns: [x, y], type: series}]}")
	datasettest.Draw(t, dir, map[string]any{
		"new/run/1.csv": "x,y\n1,2\n", "new/run/2.csv": "x,y\n1\n", "new/run/3.csv": "x\n1\n", "new/walk/4.csv": "", "new/walk/5.csv": "x,y\n1,b\n", "new/walk/6.csv": "x,y\n3,4\n",
		"other/jump/1.csv": "x,y\n1,2\n", "none/readme.txt": "",
	})
	st, err := stream.OpenFolder(d.Schema, filepath.Join(dir, "new"), stream.Options{WithTarget: true})
	if err != nil {
		t.Fatal(err)
	}
	got, errs := allOf(t, d.Schema, st, 4)
	if len(got) != 6 || len(errs) != 4 {
		t.Errorf("%q %q", got, errs)
	}
	for i, want := range []string{"run/2.csv: line 2: line 2: 1 field, but there are 2 columns", `run/3.csv: line 3: no column "y"`, "walk/4.csv: line 4: the header: the file is empty", `walk/5.csv: line 5: column "y": line 2`} {
		if !strings.HasPrefix(errs[i], want) {
			t.Errorf("%s\nwant %s", errs[i], want)
		}
	}
	var left []string
	st, err = stream.OpenFolder(d.Schema, filepath.Join(dir, "new"), stream.Options{WithTarget: true, Failed: func(name string, err error) { left = append(left, name) }})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := allOf(t, d.Schema, st, 4); len(got) != 3 || fmt.Sprint(left) != "[run/2.csv run/3.csv walk/4.csv]" {
		t.Errorf("%q %q", got, left)
	}
	for folder, want := range map[string]string{"other": "folder jump: not one of the model's classes", "none": "holds no sequences", "new/run/1.csv": "is a file; expected a folder", "nothere": "no such file"} {
		if _, err := stream.OpenFolder(d.Schema, filepath.Join(dir, folder), stream.Options{WithTarget: true}); err == nil || !strings.Contains(err.Error(), want) {
			t.Error(folder, err)
		}
	}
}
