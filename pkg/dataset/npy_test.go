package dataset_test

import (
	"archive/zip"
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

// array is what numpy.save writes for an array of bytes, or of what they are read as.
func array(kind, shape string, data ...byte) string {
	text := "{'descr': '" + kind + "', 'fortran_order': False, 'shape': (" + shape + "), }"
	return "\x93NUMPY\x01\x00" + string(rune(len(text))) + "\x00" + text + string(data)
}

// TestNPY: arrays are tables, images or series by their rank and type, and targets classes or numbers.
func TestNPY(t *testing.T) {
	var eight [8]byte
	for i := range eight {
		eight[i] = byte(i)
	}
	files := map[string]string{
		"table.npy": array("|u1", "4, 2", eight[:]...), "images.npy": array("|u1", "2, 2, 2", eight[:]...), "series.npy": array("|i1", "2, 2, 2", eight[:]...),
		"labels.npy": array("|u1", "2,", 1, 0), "numbers.npy": array("<f2", "4,", 0, 0, 0, 60, 0, 64, 0, 66), "two.npy": array("|i1", "4, 2", eight[:]...),
		"deep.npy": array("|i1", "1, 2, 2, 2", eight[:]...),
	}
	for section, want := range map[string]string{
		"{train: {inputs: table.npy, targets: numbers.npy}}":    "0/[1] 1/[1] number",
		"{train: {inputs: table.npy, targets: two.npy}}":        "0/[1] 1/[1] number",
		"{train: table.npy, target: {column: 1, type: number}}": "0/[1] number",
		"{train: {inputs: images.npy, targets: labels.npy}}":    "image/[2 2 1] category",
		"{train: {inputs: series.npy, targets: labels.npy}}":    "series/[2] category",
		"{train: {inputs: table.npy, targets: labels.npy}}":     "dataset.train: 4 rows of inputs, but 2 targets",
		"{train: deep.npy, target: x}":                          "dataset.train.inputs: deep.npy: holds an array of shape [1 2 2 2]; images must be unsigned bytes",
		"{train: {inputs: none.npy}, target: x}":                "none.npy: no such file",
		"{train: {file: table.npy, inputs: x}, target: x}":      "dataset.train.inputs: table.npy: holds one array without a name",
	} {
		d, problems := datasettest.TryLoad(t, datasettest.Write(t, files), section, 1)
		if problems != "" {
			if !strings.Contains(problems, want) {
				t.Errorf("%s: %s, want %s", section, problems, want)
			}
			continue
		}
		got := ""
		for _, in := range d.Schema.Inputs {
			got += fmt.Sprint(in.Name, "/", in.Shape, " ")
		}
		if got += string(d.Schema.Heads[0].Kind); got != want {
			t.Errorf("%s: %s, want %s", section, got, want)
		}
	}
	d := datasettest.MustLoad(t, datasettest.Write(t, files), "{train: {inputs: table.npy, targets: numbers.npy}}")
	st, err := stream.Open(datasettest.Again(t, d.Schema), strings.NewReader(files["table.npy"]), "table.npy", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := st.Next(d.Schema.NewBatch(4), 4); n != 4 || err != nil || fmt.Sprint(st.Records()) != "[[0 1] [2 3] [4 5] [6 7]]" {
		t.Error(n, err, st.Records())
	}
}

// TestPredictArrays: images and series of arrays are predicted, each a row.
func TestPredictArrays(t *testing.T) {
	bytes := []byte{0, 1, 2, 3, 4, 5, 6, 7}
	images, series, labels := array("|u1", "2, 2, 2", bytes...), array("|i1", "2, 2, 2", bytes...), array("|u1", "2,", 1, 0)
	files := map[string]string{"images.npy": images, "series.npy": series, "labels.npy": labels}
	d := datasettest.MustLoad(t, datasettest.Write(t, files), "{train: {inputs: images.npy, targets: labels.npy}}")
	const pixels = "[-1.5275252 -1.0910895 -0.65465367 -0.2182179 0.2182179 0.65465367 1.0910895 1.5275252]"
	fortran := strings.Replace(array("|u1", "2, 2, 2", 0, 4, 2, 6, 1, 5, 3, 7), "False", "True ", 1)
	for name, c := range map[string]struct{ file, want string }{
		"images.npy":  {images, pixels},
		"fortran.npy": {fortran, pixels},
		"pair.npz":    {zipped(t, "labels.npy", labels, "images.npy", images), pixels},
		"twice.npz":   {zipped(t, "a.npy", images, "b.npy", images), "twice.npz: expected an array of images of shape [2 2 1], of unsigned bytes, and found 2 (a [2 2 2], b [2 2 2])"},
		"large.npy":   {array("|u1", "1, 2, 4", bytes...), "large.npy: expected an array of images of shape [2 2 1], of unsigned bytes, and found 0 ([1 2 4])"},
		"short.npy":   {images[:len(images)-1], "short.npy: has 7 bytes after its header"},
	} {
		st, err := stream.Open(datasettest.Again(t, d.Schema), strings.NewReader(c.file), name, stream.Options{})
		if err != nil {
			if !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%s: %v, want %s", name, err, c.want)
			}
			continue
		}
		b := d.Schema.NewBatch(3)
		if n, err := st.Next(b, 3); n != 2 || err != nil || fmt.Sprint(b.Floats[0][:8]) != c.want {
			t.Errorf("%s: %d rows %v (%v), want %s", name, n, b.Floats[0], err, c.want)
		}
	}
	d = datasettest.MustLoad(t, datasettest.Write(t, files), "{train: {inputs: series.npy, targets: labels.npy}}")
	st, err := stream.Open(d.Schema, strings.NewReader(series), "series.npy", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := st.Next(d.Schema.NewBatch(2), 2); n != 2 || err != nil || st.Errors()[0] != nil {
		t.Error(n, err, st.Errors())
	}
	if _, err := stream.Open(d.Schema, strings.NewReader(images), "images.npy", stream.Options{}); err == nil || !strings.Contains(err.Error(), "holds images, in an array of shape [2 2 2]; expected rows") {
		t.Error(err)
	}
}

// zipped is an .npz file of arrays, each after its name.
func zipped(t *testing.T, entries ...string) string {
	t.Helper()
	var b strings.Builder
	z := zip.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		w, err := z.Create(entries[i])
		if err == nil {
			_, err = w.Write([]byte(entries[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
