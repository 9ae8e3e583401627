package dataset_test

import (
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

// TestNestedObjects: values within objects of JSON Lines are columns that the spec names; objects read as words are told once.
func TestNestedObjects(t *testing.T) {
	var lines strings.Builder
	for i := range 30 {
		fmt.Fprintf(&lines, `{"home": {"town": "%s", "at": {"x": %d}}, "y": %d}`+"\n", []string{"Ulm", "Bonn"}[i%2], i%7, i%2)
	}
	dir := datasettest.Write(t, map[string]string{"d.jsonl": lines.String(), "e.jsonl": lines.String()})
	d := datasettest.MustLoad(t, dir, "{path: [d.jsonl, e.jsonl], inputs: [{column: home.town, type: category}, home.at.x], target: y}")
	if got := fmt.Sprint(d.Schema.Inputs[0].Columns, d.Schema.Inputs[0].Shape, d.Schema.Inputs[1].Columns, d.Schema.Inputs[1].Shape); got != "[home.town] [2] [home.at.x] [1]" {
		t.Error(got)
	}
	st, err := stream.Open(d.Schema, strings.NewReader(`{"home": {"town": "Ulm", "at": {"x": 3}}}`+"\n"+`{"home": {"town": "Bonn"}}`+"\n"), "x.jsonl", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := d.Schema.NewBatch(2)
	if n, err := st.Next(b, 2); n != 2 || err != nil || fmt.Sprint(b.Floats[0][:2], b.Floats[0][3:5]) != "[0 1] [1 0]" {
		t.Error(n, err, b.Floats[0], st.Errors())
	}
	d = datasettest.MustLoad(t, dir, "{path: d.jsonl, target: y}")
	var about []string
	for _, n := range d.Notes.Warnings() {
		if strings.Contains(n.Text, "home") {
			about = append(about, n.Text)
		}
	}
	if len(about) != 1 || about[0] != "home holds JSON objects, which are read as words; as a column of the inputs, home.town reads a value within" {
		t.Error(about)
	}
}
