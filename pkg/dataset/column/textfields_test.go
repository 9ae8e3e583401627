package column_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

const gapTexts = "a,b,y\nNA,NA,1\nnull,x,2\n,y,3\n nan ,x,4\nred fox,x,5\n"

// lengthsOf are those of the sequences of the first input, of the training split and of a stream of the same rows.
func lengthsOf(t *testing.T, d *dataset.Data, rows, name string) string {
	t.Helper()
	own := d.Schema.NewBatch(d.Train.Rows())
	d.Train.FillFrom(own, 0, d.Train.Rows())
	text, err := json.Marshal(d.Schema)
	if err != nil {
		t.Fatal(err)
	}
	var s dataset.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	st, err := stream.Open(&s, strings.NewReader(rows), name, stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := s.NewBatch(16)
	if _, err := st.Next(b, 16); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(own.Lengths[s.Inputs[0].Block][:own.Rows], b.Lengths[s.Inputs[0].Block][:b.Rows])
}

// Words that stand for a missing value are words in a text, unless the column is read in another way too.
func TestWordsOfTexts(t *testing.T) {
	text := "{column: a, type: text, tokenizer: {type: word, min_count: 1}}"
	for _, c := range []struct{ inputs, want string }{
		{text + ", {column: b, type: category}", "[1 1 0 1 2] [1 1 0 1 2]"},
		{text + ", {column: a, name: c, type: category}", "[0 0 0 0 2] [0 0 0 0 2]"},
		{text + ", {columns: [\"[ab]\"], name: c, type: category}", "[0 0 0 0 2] [0 0 0 0 2]"},
	} {
		d, problems := datasettest.LoadTable(t, gapTexts, "inputs: ["+c.inputs+"], target: {column: y, type: number}")
		if problems != "" {
			t.Fatal(problems)
		}
		if got := lengthsOf(t, d, gapTexts, "x.csv"); got != c.want {
			t.Errorf("%s: %s, want %s", c.inputs, got, c.want)
		}
	}
	d, _ := datasettest.LoadTable(t, gapTexts, "inputs: ["+text+", {column: b, type: category}], target: {column: y, type: number}")
	jsonl := `{"a":"NA","b":"NA"}` + "\n" + `{"a":null,"b":"x"}` + "\n" + `{"a":"null","b":"x"}` + "\n"
	if got := lengthsOf(t, d, jsonl, "x.jsonl"); !strings.HasSuffix(got, "[1 0 1]") {
		t.Error(got)
	}
	if got := d.Schema.Inputs[1].Encoder.(*column.CategoryEncoder).Columns[0].Words; strings.Contains(fmt.Sprint(got), "NA") {
		t.Errorf("the other column has the words %v", got)
	}
}

// A column that was found to hold texts was read with its gaps, and so it is in prediction.
func TestGapsOfInferredTexts(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("a,y\n")
	for i := range 30 {
		fmt.Fprintf(&rows, "the red fox runs over field %c%c,%d\n", 'a'+i%26, 'a'+i/26, i)
	}
	rows.WriteString("NA,7\n")
	d, problems := datasettest.LoadTable(t, rows.String(), "inputs: [a], target: {column: y, type: number}")
	if problems != "" {
		t.Fatal(problems)
	}
	if got := lengthsOf(t, d, "a\nNA\nthe fox\n", "x.csv"); !strings.HasSuffix(got, " 0] [0 2]") {
		t.Error(got)
	}
}
