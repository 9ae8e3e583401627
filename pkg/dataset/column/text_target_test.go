package column_test

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

// A text to write is a head with a length of its own, and an input one step behind.
func TestTextTarget(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "de,en\nja,yes\nnein,no\nja ja,\"yes, yes\"\n",
		"inputs: [{column: de, type: text}], target: {column: en, type: text, tokenizer: char, max_length: 4}")
	if problems != "" {
		t.Fatal(problems)
	}
	s := d.Schema
	h := &s.Heads[0]
	if !h.Generated() || h.Axis.Of != "en" || h.Axis.Steps != 5 || h.Classes[len(h.Classes)-1] != column.EndToken {
		t.Fatalf("%+v", h.Head)
	}
	if got := s.Columns(); !slices.Equal(got, []string{"de"}) {
		t.Errorf("columns to predict from: %v", got)
	}
	b := s.NewBatch(3)
	d.Train.FillFrom(b, 0, 3)
	words := func(ints []int32) (list []string) {
		for _, i := range ints {
			list = append(list, h.Classes[i])
		}
		return list
	}
	block := s.Input("en").Block
	for row, want := range []string{"<end>yes|yes<end>", "<end>no|no<end>", "<end>yes,|yes, "} {
		n := int(b.Lengths[block][row])
		got := strings.Join(words(b.Ints[block][row*5:row*5+n]), "") + "|" + strings.Join(words(b.Heads[0].Ints[row*5:row*5+n]), "")
		if got != want {
			t.Errorf("row %d: %q, want %q", row, got, want)
		}
	}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var again dataset.Schema
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	if second, _ := json.Marshal(&again); string(second) != string(data) || again.Input("en") == nil || again.Input("en").Head != 0 {
		t.Error("the schema is another one after reading its JSON")
	}
	if got := h.Fitted[0].Encoder.(column.Generated).Text([]int32{int32(slices.Index(h.Classes, "y")), int32(slices.Index(h.Classes, "s"))}); got != "ys" {
		t.Errorf("text %q", got)
	}
	st, err := stream.Open(&again, strings.NewReader("de\nja\nnein\n"), "d.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := again.NewBatch(2)
	if _, err := st.Next(p, 2); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	if got := fmt.Sprint(p.Lengths[block], p.Ints[block][0] == int32(len(h.Classes)-1)); got != "[1 1] true" {
		t.Errorf("without the target: %s", got)
	}
}

// With tokenizer: shared both sides have one vocabulary, learned from both.
func TestSharedVocabulary(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "long,short\nthe old house,house\na new house,villa villa\n",
		"inputs: [{column: long, type: text}], target: {column: short, type: text, tokenizer: shared}")
	if problems != "" {
		t.Fatal(problems)
	}
	s := d.Schema
	in, target := s.Input("long"), s.Input("short")
	if in.Vocabulary != target.Vocabulary || in.Vocabulary != s.Heads[0].Width || !slices.Contains(s.Heads[0].Classes, "villa") {
		t.Errorf("%d tokens in, %d out: %v", in.Vocabulary, target.Vocabulary, s.Heads[0].Classes)
	}
	b := s.NewBatch(2)
	d.Train.FillFrom(b, 0, 2)
	if long, short := b.Ints[in.Block][2], b.Heads[0].Ints[0]; long != short {
		t.Errorf("house is %d in the input and %d in the target", long, short)
	}
	data, _ := json.Marshal(s)
	var again dataset.Schema
	if err := json.Unmarshal(data, &again); err != nil {
		t.Error(err)
	}
}
