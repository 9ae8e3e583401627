package dataset

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

const textRows = `name,language
Anna,it
Bo,se
Christophe,fr
,fr
Éva,hu
Zoë,nl
`

func TestText(t *testing.T) {
	d := mustLoad(t, write(t, map[string]string{"x.csv": textRows}), "{train: x.csv, inputs: [{column: name, type: text, tokenizer: char, max_length: 6}], target: language}")
	s := d.Schema
	if b := s.Blocks[0]; !b.Ints || !b.Sequence || !slices.Equal(b.Shape, []int{6}) {
		t.Fatalf("the block is %+v", b)
	}
	batch := s.NewBatch(6)
	if err := d.Train.Fill(batch, []int{0, 1, 2, 3}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(batch.Lengths[0][:4], []int32{4, 2, 6, 0}) {
		t.Errorf("lengths %v", batch.Lengths[0])
	}
	row := batch.Ints[0][:batch.RowSize(0)]
	if row[1] != row[2] || row[0] == row[3] || row[4] != 0 {
		t.Errorf("Anna is %v", row)
	}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var again Schema
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	second, err := json.Marshal(&again)
	if err != nil || string(second) != string(data) {
		t.Errorf("the schema changes on its way through JSON: %v\n%s\n%s", err, data, second)
	}
}

// A text that is too long is answered, and told.
func TestTextsThatAreCut(t *testing.T) {
	d := mustLoad(t, write(t, map[string]string{"x.csv": textRows}), "{train: x.csv, inputs: [{column: name, type: text, tokenizer: char, max_length: 6}], target: language}")
	st, err := d.Schema.Open(strings.NewReader("name\nAnna\nChrist\nChristophe\n"), "new.csv", StreamOptions{})
	if err != nil {
		t.Fatal(err)
	}
	batch := d.Schema.NewBatch(3)
	if n, err := st.Next(batch, 3); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if got := st.Cut(); got != (Cut{Rows: 1, Column: "name", Steps: 6, Why: "max_length"}) {
		t.Errorf("cut %+v", got)
	}
	if !slices.Equal(batch.Lengths[0][:3], []int32{4, 6, 6}) {
		t.Errorf("lengths %v", batch.Lengths[0][:3])
	}
}

// A part that was asked for and has no whole window is told.
func TestPartsWithoutAWindow(t *testing.T) {
	rows := "v\n" + strings.Repeat("1\n2\n4\n", 10)
	d := mustLoad(t, write(t, map[string]string{"x.csv": rows}), "{path: x.csv, inputs: [{column: v, type: series, window: 3}], target: {column: v, type: series, horizon: 5}, split: {order: true, validation: 2, test: 8}}")
	if !noted(d, "the validation part has no row") || noted(d, "the test part has no row") {
		t.Errorf("notes: %q", d.Notes)
	}
}
