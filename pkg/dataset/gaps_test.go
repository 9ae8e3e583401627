package dataset_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

// gapTable is 200 rows of numbers in which every third field is one of some words, and a target.
func gapTable(words ...string) string {
	var b strings.Builder
	b.WriteString("v,y\n")
	for i := range 200 {
		if i%3 == 0 {
			fmt.Fprintf(&b, "%s,%d.5\n", words[i/3%len(words)], i)
		} else {
			fmt.Fprintf(&b, "%d.25,%d.5\n", i, i)
		}
	}
	return b.String()
}

// TestGapWordsAmongNumbers: well-known words and a few others are gaps at any share, and are told.
func TestGapWordsAmongNumbers(t *testing.T) {
	for _, c := range []struct {
		words  []string
		number bool
		note   string
	}{
		{[]string{"?"}, true, `gaps among numbers: "?" (67 rows) in v`},
		{[]string{"#N/A", "None", "<NA>", "n/a", ".", "-", "--", `\N`, "-nan", "inf", "?"}, true, `gaps among numbers: `},
		{[]string{"not asked"}, true, `warning: v holds numbers, so "not asked" (67 rows) is a gap; to keep it so without this warning name such words in missing_values, or write {column: v, type: category} to read words`},
		{[]string{"<5", "?"}, false, `warning: v is read as words, but`},
		{[]string{`"1,000"`, `"2,000"`}, true, `warning: numbers with signs: 67 rows in v ("1,000" is 1000); to read them so without this warning set decimal: "."`},
	} {
		d, problems := datasettest.LoadTable(t, gapTable(c.words...), "target: y")
		if number := d.Schema != nil && d.Schema.Blocks[0].Size() == 1; problems != "" || number != c.number || !datasettest.Noted(d, c.note) {
			t.Errorf("%q: %s\n%s", c.words, problems, strings.Join(d.Notes.Texts(), "\n"))
		}
	}
}

// TestGapWordsInStreams: rows to predict have the gap words of training, and those that are well known.
func TestGapWordsInStreams(t *testing.T) {
	d, problems := datasettest.LoadTable(t, gapTable("not asked"), "inputs: [{column: v, type: auto, missing: mode}], target: y")
	if problems != "" {
		t.Fatal(problems)
	}
	stored, err := json.Marshal(d.Schema)
	if err != nil {
		t.Fatal(err)
	}
	s := datasettest.Again(t, d.Schema)
	st, err := stream.Open(s, strings.NewReader("v\nnot asked\n?\nnever heard\n"), "x.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := s.NewBatch(3)
	if n, err := st.Next(b, 3); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if got := fmt.Sprint(st.Errors()); got != `[<nil> <nil> line 4: column "v": "never heard" is not a number]` || b.Floats[0][0] != b.Floats[0][1] || b.Floats[0][0] == 0 {
		t.Error(got, b.Floats[0])
	}
	if !bytes.Contains(stored, []byte(`"number_gaps":{"columns":["v","y"],"words":{"v":["not asked"]}}`)) {
		t.Errorf("%s", stored)
	}
}

// TestMissingValuesAreNumbersToo: a number in missing_values is meant however it is written, and what matches nothing is told.
func TestMissingValuesAreNumbersToo(t *testing.T) {
	csv := "v,y\n1,1.5\n-999.0,2.5\n-9.99e2,3.5\n3,4.5\n"
	d, problems := datasettest.LoadTable(t, csv, "missing_values: [-999, none given], inputs: [{column: v, type: number, normalize: none}], target: y, split: {validation: 0, test: 0}")
	if problems != "" || !datasettest.Noted(d, "v: 2 gaps in the training split") || !datasettest.Noted(d, `warning: missing_values: no field that is read is "none given"`) || datasettest.Noted(d, "-999,") {
		t.Errorf("%s %q", problems, d.Notes)
	}
	if d, _ = datasettest.LoadTable(t, csv, "target: y"); datasettest.Noted(d, "missing_values") {
		t.Errorf("%q", d.Notes)
	}
}

// TestGapWordsAmongWords: a label that is a well-known gap word is a missing label, and one in an input is a gap.
func TestGapWordsAmongWords(t *testing.T) {
	csv := "v,y\n" + strings.Repeat("a,yes\nb,no\n?,yes\nb,n/a\nnone,?\n", 10)
	d, problems := datasettest.LoadTable(t, csv, "inputs: [{column: v, type: category}], target: {column: y, type: binary, positive: 'yes'}, split: {validation: 0, test: 0}")
	for _, want := range []string{`gaps among words: "?" (10 rows) in v, "?" (10 rows); "n/a" (10 rows) in y`, "20 rows without a target left out"} {
		if problems != "" || !datasettest.Noted(d, want) {
			t.Errorf("%s: want %q, got\n%s", problems, want, strings.Join(d.Notes.Texts(), "\n"))
		}
	}
	st, err := stream.Open(d.Schema, strings.NewReader("v\n?\n\"\"\n"), "x.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := d.Schema.NewBatch(2)
	if n, err := st.Next(b, 2); n != 2 || err != nil || fmt.Sprint(b.Floats[0]) != "[0 0 1 0 0 1]" {
		t.Error(n, err, b.Floats[0])
	}
}

// TestUnknownLabels: what was trained takes no third word; a model of an earlier version does, with a warning.
func TestUnknownLabels(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "v,y\n1,yes\n2,no\n3,yes\n4,no\n", "target: {column: y, type: binary, positive: 'yes'}, split: {validation: 0, test: 0}")
	if problems != "" {
		t.Fatal(problems)
	}
	stored, err := json.Marshal(d.Schema)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		stored       []byte
		errs, unseen string
	}{
		{stored, `[<nil> <nil> line 4: column "y": "Yes" is neither "yes" nor "no" (did you mean yes?)]`, "0 []"},
		{bytes.Replace(stored, []byte(`,"strict":true`), nil, 1), "[<nil> <nil> <nil>]", "1 [{y 1}]"},
	} {
		var s dataset.Schema
		if err := json.Unmarshal(c.stored, &s); err != nil {
			t.Fatal(err)
		}
		st, err := stream.Open(&s, strings.NewReader("v,y\n1,yes\n2,no\n3,Yes\n"), "x.csv", stream.Options{WithTarget: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.Next(s.NewBatch(3), 3); err != nil {
			t.Fatal(err)
		}
		rows, columns := st.Unseen()
		if errs, unseen := fmt.Sprint(st.Errors()), fmt.Sprint(rows, columns); errs != c.errs || unseen != c.unseen {
			t.Errorf("%s, unseen %s", errs, unseen)
		}
		dir := datasettest.Write(t, map[string]string{"d.csv": "v,y\n1,yes\n2,Yes\n", "e.csv": "v,y\n1,no\n"})
		settings, doc, p := datasettest.Decode(t, "{train: e.csv, test: d.csv, target: {column: y, type: binary, positive: 'yes'}}")
		loaded := dataset.LoadWith(settings, &s, dir, 1, p)
		problems := fmt.Sprint(p.Err(doc))
		if old := c.unseen != "0 []"; old && !datasettest.Noted(loaded, `"Yes" (1 row): counted as no`) || !old && !strings.Contains(problems, "did you mean yes?") {
			t.Errorf("%s %q", problems, loaded.Notes.Texts())
		}
	}
}

// TestUnseenNextToRareWords: a word that training never saw is told, though there is a class for rare words.
func TestUnseenNextToRareWords(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "v,y\n"+strings.Repeat("1,1\n2,2\n", 10)+"7,3\n", "inputs: [{column: v, type: category, min_count: 2}], target: {column: y, type: number}, split: {validation: 0, test: 0}")
	if problems != "" {
		t.Fatal(problems)
	}
	st, err := stream.Open(d.Schema, strings.NewReader("v\n1.0\n7.0\n8\n"), "x.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := d.Schema.NewBatch(3)
	if _, err := st.Next(b, 3); err != nil {
		t.Fatal(err)
	}
	rows, columns := st.Unseen()
	if got := fmt.Sprint(rows, columns, b.Floats[0]); got != "1 [{v 1}] [1 0 0 0 0 1 0 0 1]" {
		t.Error(got)
	}
}
