package dataset_test

import (
	"testing"

	"dnn/pkg/dataset/datasettest"
)

// A window whose offset was subtracted still shows the numbers of the file, and is named by its rows.
func TestChannelsOfAWindow(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": "t,v,w\n1,10,5\n2,20,5\n3,60,8\n4,30,9\n5,20,7\n6,30,6\n"})
	d := datasettest.MustLoad(t, dir, `{path: d.csv, order_by: t, inputs: [{columns: [v, w], type: series, window: 3, level: mean}],
  target: {column: v, type: series}, split: {validation: 0, test: 0}}`)
	s, b := d.Schema, d.Schema.NewBatch(1)
	if err := d.Train.Fill(b, []int{0}); err != nil {
		t.Fatal(err)
	}
	got := b.Channels(&s.Inputs[0], 0)
	if len(got) != 2 || got[0].Name != "v" || got[1].Name != "w" || got[0].NoOffset || !got[1].NoOffset || got[0].First != -3 {
		t.Fatalf("%+v", got)
	}
	for i, want := range []float64{10, 20, 60} {
		if got[0].Values[i] != want {
			t.Errorf("step %d is %v, want %v", i, got[0].Values[i], want)
		}
	}
	if got[0].Steps[0] != "v[-3]" || got[1].Steps[2] != "w[-1]" {
		t.Errorf("steps are called %v and %v", got[0].Steps, got[1].Steps)
	}
}

// The tokens of a text that is cut are those that are left.
func TestTokensOfACutText(t *testing.T) {
	for truncate, want := range map[string]string{"end": "One", "start": "three"} {
		dir := datasettest.Write(t, map[string]string{"d.csv": "text,y\nOne two three,a\none two,b\nthree,a\n"})
		d := datasettest.MustLoad(t, dir, `{path: d.csv, inputs: [{column: text, type: text, max_length: 2, truncate: `+truncate+`,
  tokenizer: {type: word, min_count: 2}}], target: {column: y, type: category}, split: {validation: 0, test: 0}}`)
		b := d.Schema.NewBatch(1)
		if err := d.Train.Fill(b, []int{0}); err != nil {
			t.Fatal(err)
		}
		got := d.Schema.Inputs[0].Tokens("One two three", b, 0)
		if len(got) != 2 || got[0].Text != want && got[1].Text != want || !got[0].Known || !got[1].Known {
			t.Errorf("truncate: %s leaves %+v", truncate, got)
		}
	}
}
