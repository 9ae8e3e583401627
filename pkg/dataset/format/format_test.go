package format_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/spec"
)

// TestNamesThatTellNoFormat: what is named is said, with a way on.
func TestNamesThatTellNoFormat(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": "a,y\n1,2\n3,4\n", "part-1": "x", "part-2.csv": "a,y\n1,2\n3,4\n5,6\n", "t.csv": "a,y\n1,2\n"})
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	for section, want := range map[string]string{
		"path: folder":                        "dataset.path: folder is a folder; name its files, for example folder/*.csv",
		"path: folder, format: csv":           "folder is a folder; name its files",
		"path: book.xlsx":                     "dataset.path: book.xlsx is an Excel workbook; save the sheet as CSV",
		"path: cat.png":                       "dataset.path: the extension .png means no format; set format: csv, or another (",
		"path: part-1":                        "dataset.path: the name part-1 has no extension to infer the format from; set format: csv",
		"path: 'http://x.org/data'":           "dataset.path: http://x.org/data is a URL; download the file",
		"path: 'http://x.org/d.csv'":          "dataset.path: http://x.org/d.csv is a URL; download the file",
		"path: '~/data'":                      "dataset.path: ~/data: ~ is not expanded here; write the whole path",
		"path: '~/d.csv'":                     "dataset.path: no file ~/d.csv: ~ is not expanded here; write the whole path",
		"path: 'none-*'":                      "dataset.path: no file with a known extension matches none-*; set format: csv",
		"path: 'none-*.csv'":                  `dataset.path: no file matches "none-*.csv"`,
		"inputs: [a]":                         "dataset: path is missing (the file to divide into splits), or train (the official training split)",
		"path: 'part-[2]*', split: {test: 1}": "", // the file that matches tells the format
		"path: d.csv, split: {test: 1}":       "",
	} {
		file := filepath.Join(dir, "spec.yaml")
		doc, err := spec.Parse(file, []byte("dataset: {"+section+", target: {column: y, type: number}}"), nil)
		if err != nil {
			t.Fatal(err)
		}
		var top struct{ Dataset dataset.Settings }
		var p spec.Problems
		doc.Decode(&top, &p)
		if p.Len() == 0 {
			dataset.Load(&top.Dataset, dir, 1, &p)
		}
		got := ""
		if err := p.Err(doc); err != nil {
			got = strings.ReplaceAll(err.Error(), dir+"/", "")
		}
		if (got == "") != (want == "") || !strings.Contains(got, want) || strings.Contains(got, "\n") {
			t.Errorf("%s: got %q, want %q", section, got, want)
		}
	}
}

// TestOverridesBelowBareColumns: a column's name alone is short for {column: name} for an override too.
func TestOverridesBelowBareColumns(t *testing.T) {
	text := "dataset: {train: d.csv, inputs: [a, b], target: y}"
	for _, c := range []struct{ set, want string }{
		{"dataset.target.normalize=log_zscore", ""},
		{"dataset.inputs.1.normalize=minmax", ""},
		{"dataset.inputs[0].encode=index", ""},
		{"dataset.target.normalise=zscore", "--set dataset.target.normalise=zscore: dataset.target.normalise: unknown key (did you mean normalize?)"},
		{"dataset.inputs.0.type=categorical", `--set dataset.inputs.0.type=categorical: dataset.inputs[0].type: unknown input type "categorical" (did you mean category?)`},
	} {
		doc, err := spec.Parse("spec.yaml", []byte(text), []string{c.set})
		if err != nil {
			t.Fatal(err)
		}
		var top struct{ Dataset dataset.Settings }
		var p spec.Problems
		doc.Decode(&top, &p)
		got := ""
		if err := p.Err(doc); err != nil {
			got = err.Error()
		}
		if got != c.want || top.Dataset.Target[0].Column != "y" || top.Dataset.Inputs[0].Column != "a" {
			t.Errorf("%s: got %q, want %q, %+v", c.set, got, c.want, top.Dataset)
		}
	}
}

// TestColumnsWrittenOtherwise: what others write is told as what it is here.
func TestColumnsWrittenOtherwise(t *testing.T) {
	for section, want := range map[string]string{
		"inputs: [[a, b]], target: y":                               "dataset.inputs[0]: expected a column or a mapping, got a list; several columns are one input as {columns: [a, b]}",
		"inputs: [{column: a, normalise: zscore}], target: y":       "dataset.inputs[0].normalise: unknown key (did you mean normalize?)",
		"inputs: [{column: a, type: numeric}], target: y":           "(did you mean number?)",
		"target: {column: y, type: class}":                          "(did you mean category?)",
		"target: {column: y, type: Boolean}":                        "(did you mean binary?)",
		"inputs: [{column: a, type: number, encode: x}], target: y": "unknown key (known: ",
	} {
		_, doc, p := datasettest.Decode(t, "{train: d.csv, "+section+"}")
		got := ""
		if err := p.Err(doc); err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) || strings.Contains(got, "\n") {
			t.Errorf("%s: got %q, want %q", section, got, want)
		}
	}
}
