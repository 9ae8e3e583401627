package dataset_test

import (
	"dnn/internal/registry/registrytest"
	"fmt"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/synthetic"
	"dnn/pkg/spec"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestKindsLieInFilesOfTheirNames(t *testing.T) {
	registrytest.Check(t, format.Formats, nil)
	registrytest.Check(t, column.Types, nil)
	registrytest.Check(t, column.TargetTypes, nil)
	registrytest.Check(t, synthetic.Generators, nil)
}

func TestScalingWords(t *testing.T) {
	words := strings.Split(column.ScalingWords, "|")
	if len(words) != len(column.Scalings) {
		t.Errorf("%d words, %d scalings", len(words), len(column.Scalings))
	}
	for _, w := range words {
		if column.Scalings[w] == nil {
			t.Errorf("no scaling %q", w)
		}
	}
	for _, settings := range []any{&column.Number{}, &column.NumberTarget{}, &column.Series{}, &column.SeriesTarget{}} {
		for _, f := range spec.Fields(reflect.TypeOf(settings)) {
			given := slices.DeleteFunc(slices.Clone(f.OneOf), func(w string) bool { return w == "auto" })
			expected := slices.Clone(words)
			switch settings.(type) {
			case *column.Series, *column.SeriesTarget: // their offsets need a straight line or a logarithm
				expected = slices.DeleteFunc(expected, func(w string) bool { return w == "quantile" })
			}
			if f.Key == "normalize" && !slices.Equal(given, expected) {
				t.Errorf("%T takes %v", settings, f.OneOf)
			}
		}
	}
}

// Every kind's settings must come back from the resolved spec.
func TestResolvedSpecReadsBack(t *testing.T) {
	for _, section := range []string{
		`{path: d.csv, target: y}`,
		`{path: [a.csv, b.csv], delimiter: ";", header: [a, b, 2011], inputs: [a, {columns: "b*", type: number, missing: constant, fill: 2}], target: {column: 2011, type: binary, positive: [1]}, split: {train: 0.5, test: 20}}`,
		`{train: d.tsv, test: e.tsv, header: false, target: [{column: c1, type: number}, {column: c2, normalize: zscore}], weight: c3, split: {validation: 0.1, seed: 4}}`,
		`{format: jsonl, path: d.txt, missing_values: [], inputs: [{column: a, encode: index, min_count: 2}], target: b}`,
		`{train: {images: a.gz, labels: b.gz}, inputs: [{column: image, type: image, normalize: minmax}]}`,
		`{format: synthetic, generator: blobs, rows: 10, classes: 4, target: {column: class, type: binary, positive: ["3"]}}`,
	} {
		read := func(text string) string {
			doc, err := spec.Parse("spec.yaml", []byte(text), nil)
			if err != nil {
				t.Fatal(err, text)
			}
			var top struct{ Dataset dataset.Settings }
			var p spec.Problems
			doc.Decode(&top, &p)
			if err := p.Err(doc); err != nil {
				t.Fatal(err, text)
			}
			return string(spec.Encode(&top))
		}
		first := read("dataset: " + section)
		if second := read(first); first != second {
			t.Errorf("%s\n%s\n%s", section, first, second)
		}
	}
}

func TestEveryMistakeIsTold(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": "age,sex,income\n1,m,2\nx,f,3\n"})
	d, problems := datasettest.TryLoad(t, dir, `
  path: d.csv
  inputs: [{column: agee}, {column: sex, type: number}, {columns: "q*"}, {column: age, type: number}]
  target: incom
  weight: heft
`, 1)
	for _, want := range []string{
		`spec.yaml:3:21: dataset.inputs[0].column: no column "agee" (did you mean age?); the columns are: age, sex, income`,
		`dataset.inputs[1]: column "sex" has no number`,
		`dataset.inputs[2].columns[0]: no column matches "q*"`,
		`dataset.target.column: no column "incom" (did you mean income?)`,
		`dataset.weight: no column "heft"`,
	} {
		if !strings.Contains(problems, want) {
			t.Errorf("not told: %s\n%s", want, problems)
		}
	}
	if d == nil || d.Schema == nil || d.Schema.Input("age") == nil || d.Train != nil {
		t.Errorf("%+v", d)
	}
}

func TestMistakesBeforeReading(t *testing.T) {
	for section, want := range map[string]string{
		`{path: nothere.csv, target: y}`:                                                               "dataset.path: ",
		`{path: d.dat, target: y}`:                                                                     `dataset.path: the extension .dat means no format; set format: csv, or another (`,
		`{path: d.csv, train: d.csv, target: y}`:                                                       "give either path",
		`{target: y, format: csv}`:                                                                     "path is missing",
		`{path: d.csv}`:                                                                                "dataset: target is missing",
		`{path: d.csv, target: y, delimiter: ab}`:                                                      "dataset.delimiter: must be one character",
		`{path: d.csv, target: y, split: {train: 0.8, test: 0.4}}`:                                     "add up to 1.2",
		`{path: d.csv, target: y, split: {test: 1.5}}`:                                                 "a share below 1 or a whole number",
		`{path: d.csv, target: y, split: {test: 100}}`:                                                 "leave none for training",
		`{train: d.csv, test: d.csv, target: y, split: {test: .1}}`:                                    "has its own file already",
		`{train: d.csv, target: y, split: {train: .1}}`:                                                "has its own file",
		`{path: d.csv, target: y, split: {stratify: true, order: true}}`:                               "cannot be used together",
		`{path: d.csv, target: y, inputs: [x, x]}`:                                                     `duplicate input "x"`,
		`{path: d.csv, target: y, inputs: [{type: number}]}`:                                           "column is missing",
		`{path: d.csv, target: y, inputs: [{column: x, columns: x}]}`:                                  "column or columns, not both",
		`{path: d.csv, target: y, inputs: [{column: x, type: image}]}`:                                 "type: image reads one column of images or of the paths",
		`{path: d.csv, target: y, inputs: [{column: x, type: nmber}]}`:                                 "did you mean number?",
		`{path: d.csv, target: y, inputs: [{column: x, type: number, missing: constant}]}`:             "constant and fill together",
		`{path: d.csv, target: y, inputs: [{column: x, type: number, missing: constant, fill: .inf}]}`: "want a finite number",
		`{path: "*.tsv", format: csv, target: y}`:                                                      `no file matches "*.tsv"`,
		`{path: d.csv, target: [y, y]}`:                                                                "duplicate ",
		`{path: d.csv, target: [x, {column: y, type: category}]}`:                                      "several targets must be all numbers",
		`{path: d.csv, target: [{column: x, type: category}, {column: y, type: category}]}`:            "there can be only one",
		`{path: d.csv, target: {column: y, type: number}, split: {stratify: true}}`:                    "expects a target of classes",
		`{path: wide.csv, target: y}`:                                                                  `set delimiter: ";"`,
		`{path: d.csv, header: [a, b, c], target: a}`:                                                  "header lists 3 names",
		`{path: d.csv, header: [a, a], target: a}`:                                                     "duplicate ",
		`{path: d.csv, target: y, split: {train: 1.0}}`:                                                "1 is a single row",
		`{path: d.csv, target: ""}`:                                                                    "dataset.target: the name of the column is empty",
		`{path: d.csv, target: {column: ""}}`:                                                          "dataset.target.column: the name of the column is empty",
		`{path: d.csv, target: y, inputs: [""]}`:                                                       "dataset.inputs[0]: the name of the column is empty",
		`{path: d.csv, target: y, split: {test: 0.5, validation: 0.7}}`:                                "add up to 1.2",
		`{path: bare.csv, target: y}`:                                                                  "no rows below the header",
		`{train: bare.csv, target: y}`:                                                                 "no rows below the header",
		`{path: gaps.csv, target: y}`:                                                                  "no row is left: the target",
		`{path: empty.csv, target: y}`:                                                                 "the file is empty",
	} {
		dir := datasettest.Write(t, map[string]string{"d.csv": "x,y\n1,a\n2,b\n3,a\n4,b\n", "d.dat": "x\n", "wide.csv": "x;y\n1;2\n", "empty.csv": "", "bare.csv": "x,y\n", "gaps.csv": "x,y\n1,\n"})
		_, problems := datasettest.TryLoad(t, dir, section, 1)
		if (strings.Contains(section, "bare") || strings.Contains(section, "split: {t")) && strings.Contains(problems, "\n") {
			t.Errorf("%s: told twice: %s", section, problems)
		}
		if !strings.Contains(problems, want) {
			t.Errorf("%s\n want %s\n got  %s", section, want, problems)
		}
	}
}

// An encoding is told once for a file, by all that is not UTF-8 in it.
func TestEncodingIsToldOnce(t *testing.T) {
	var rows strings.Builder
	for i := range 40 {
		fmt.Fprintf(&rows, "%s,%d,%s\n", []string{"\xb1\xb1\xbe\xa9\xca\xd0", "\xc9\xcf\xba\xa3\xca\xd0", "\xb9\xe3\xd6\xdd\xca\xd0"}[i%3], i%7, []string{"\xba\xc3", "\xbb\xb5"}[i%2])
	}
	_, problems := datasettest.LoadTable(t, "town,x,y\n"+rows.String(), "target: y")
	if strings.Count(problems, "UTF-8, but fits") != 1 || !strings.Contains(problems, "but fits gbk; set encoding: gbk in dataset") || strings.Contains(problems, "like this") {
		t.Error(problems)
	}
	_, problems = datasettest.LoadTable(t, "stra\xdfe,x,y\nW\xf6hrd,1,a\nHof,2,b\nG\xe4nge,3,a\n", "target: y, split: {validation: 0, test: 0}")
	if strings.Count(problems, "UTF-8") != 1 || !strings.Contains(problems, "the column name \"stra\\xdfe\" is not UTF-8") {
		t.Error(problems)
	}
}
