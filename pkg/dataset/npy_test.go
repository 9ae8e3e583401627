package dataset_test

import (
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
