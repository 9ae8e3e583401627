package column_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
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
	d := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"x.csv": textRows}), "{train: x.csv, inputs: [{column: name, type: text, tokenizer: char, max_length: 6}], target: language}")
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
	var again dataset.Schema
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
	d := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"x.csv": textRows}), "{train: x.csv, inputs: [{column: name, type: text, tokenizer: char, max_length: 6}], target: language}")
	st, err := stream.Open(d.Schema, strings.NewReader("name\nAnna\nChrist\nChristophe\n"), "new.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	batch := d.Schema.NewBatch(3)
	if n, err := st.Next(batch, 3); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if got := st.Cut(); got != (dataset.Cut{Rows: 1, Column: "name", Steps: 6, Why: "max_length"}) {
		t.Errorf("cut %+v", got)
	}
	if !slices.Equal(batch.Lengths[0][:3], []int32{4, 6, 6}) {
		t.Errorf("lengths %v", batch.Lengths[0][:3])
	}
}

// A split that was asked for and has no whole window is told.
func TestPartsWithoutAWindow(t *testing.T) {
	rows := "v\n" + strings.Repeat("1\n2\n4\n", 10)
	d := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"x.csv": rows}), "{path: x.csv, inputs: [{column: v, type: series, window: 3}], target: {column: v, type: series, horizon: 5}, split: {order: true, validation: 2, test: 8}}")
	if !datasettest.Noted(d, "the validation split has no row") || datasettest.Noted(d, "the test split has no row") {
		t.Errorf("notes: %q", d.Notes)
	}
}

// Models of before, whose texts were all cut to the longest of the training split, go on to do so.
func TestLimitOfOldModels(t *testing.T) {
	d := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"x.csv": textRows}), "{train: x.csv, inputs: [{column: name, type: text, tokenizer: char}], target: language}")
	data, err := json.Marshal(d.Schema)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{string(data): 20, strings.Replace(string(data), `"unlimited":true,`, "", 1): 10} {
		s := &dataset.Schema{}
		if err := json.Unmarshal([]byte(text), s); err != nil {
			t.Fatal(err)
		}
		if s.Unlimited(0) {
			s = s.WithBuckets(datasettest.WithMost(s.Buckets(), 0, 100, ""))
		}
		st, err := stream.Open(s, strings.NewReader("name\nAnnaAnnaAnnaAnnaAnna\nBo\n"), "new.csv", stream.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b := s.NewBatch(2)
		if _, err := st.Next(b, 2); err != nil || int(b.Lengths[0][0]) != want || (st.Cut().Rows == 1) != (want == 10) {
			t.Errorf("%d steps, want %d; %+v, %v", b.Lengths[0][0], want, st.Cut(), err)
		}
	}
}

// What is cut of a text loses its tags too, at the start as at the end, also where the net is the reason.
func TestTagsOfTextsThatANetCuts(t *testing.T) {
	for truncate, want := range map[string]string{"end": "[1 2 1 2] [1 2 1 2]", "start": "[2 1 2 2] [2 1 2 2]"} {
		d := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"x.csv": "text,tags\nabab,xyxy\nb,y\n", "y.csv": "text,tags\nababab,xyxyxy\nabababb,xyxyxyy\n"}),
			"{train: x.csv, test: y.csv, "+strings.Replace(charTags, "char}", "char, truncate: "+truncate+"}", 1)+"}")
		if c := d.Test.Cut(); c.Rows != 2 || c.Steps != 4 {
			t.Errorf("%+v", c)
		}
		b := d.Schema.NewBatch(2)
		if err := d.Test.Fill(b, []int{1}); err != nil {
			t.Fatal(err)
		}
		part := fmt.Sprint(plus(b.Heads[0].Ints[:4], 1))
		st, err := stream.Open(d.Schema, strings.NewReader("text,tags\nabababb,xyxyxyy\n"), "z.csv", stream.Options{WithTarget: true})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := st.Next(b, 2); n != 1 || err != nil || st.Errors()[0] != nil {
			t.Fatal(n, err, st.Errors())
		}
		if got := part + " " + fmt.Sprint(plus(b.Heads[0].Ints[:4], 1)); got != want {
			t.Errorf("%s: tags %s, want %s", truncate, got, want)
		}
	}
}

func plus(list []int32, x int32) (sums []int32) {
	for _, y := range list {
		sums = append(sums, x+y)
	}
	return sums
}
