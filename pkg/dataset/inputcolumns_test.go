package dataset_test

import (
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

// mixedTable has numbers, words and a target.
const mixedTable = "a,w,b,y\n1,u,0,1.5\n3,v,1,2.5\n1,u,0,3.5\n3,v,1,4.5\n"

// TestColumnsOfAGlob: each column that a glob matches has its own type; "!NAME" and except leave some out.
func TestColumnsOfAGlob(t *testing.T) {
	for _, c := range []struct{ input, columns, row string }{
		{`{columns: "*"}`, "[a w b]", "[[-1 1 0 -1] [1 0 1 1] [-1 1 0 -1] [1 0 1 1]]"},
		{`{columns: ["*", "!b"]}`, "[a w]", "[[-1 1 0] [1 0 1] [-1 1 0] [1 0 1]]"},
		{`{columns: "*", except: [a, w]}`, "[b]", "[[-1] [1] [-1] [1]]"},
		{`{columns: ["!w", "*"], name: n}`, "[a b]", "[[-1 -1] [1 1] [-1 -1] [1 1]]"},
		{`{columns: [b, "*", "!w"]}`, "[b a]", "[[-1 -1] [1 1] [-1 -1] [1 1]]"},
	} {
		d, problems := datasettest.LoadTable(t, mixedTable, "inputs: ["+c.input+"], target: y")
		if problems != "" || fmt.Sprint(d.Schema.Inputs[0].Columns) != c.columns || fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 0)) != c.row {
			t.Errorf("%s: %s %v %v", c.input, problems, d.Schema.Inputs[0].Columns, datasettest.Floats(d.Schema, d.Train, 0))
		}
	}
}

// TestWrongColumns: what names no column, or one twice, is a mistake.
func TestWrongColumns(t *testing.T) {
	for inputs, want := range map[string]string{
		`[{columns: ["*", "!z"]}]`: `leaves out "z": no column "z"`,
		`[{columns: ["!a"]}]`:      `only leaves columns out; all others are columns: ["*", "!a"]`,
		`[{columns: [a, b, a]}]`:   `duplicate column "a"`,
		`[{columns: ["*", "!*"]}]`: `all columns that match "*" are left out`,
		`[{columns: [a, "!a"]}]`:   `column "a" is named and left out`,
		`[{column: a, except: b}]`: `except: is for columns`,
		`[{columns: "*", type: category}, {column: a, type: category}]`: `dataset.inputs[1]: duplicate: the input "*" reads a already, in the same way; leave out columns of a glob with "!NAME"`,
		`["*"]`: `no column "*"; all columns that match are an input as {columns: "*"}`,
	} {
		if _, problems := datasettest.LoadTable(t, mixedTable, "inputs: "+inputs+", target: y"); !strings.Contains(problems, want) {
			t.Errorf("%s: got %q, want %q", inputs, problems, want)
		}
	}
	if d, problems := datasettest.LoadTable(t, mixedTable, "inputs: [{column: a, type: number}, {column: a, type: category, name: c}], target: y"); problems != "" || len(d.Schema.Inputs) != 2 {
		t.Error(problems)
	}
}

// TestAutoEncoder: the columns of a glob are read from a model as they were fitted.
func TestAutoEncoder(t *testing.T) {
	d, problems := datasettest.LoadTable(t, mixedTable, `inputs: [{columns: "*"}], target: y`)
	if problems != "" {
		t.Fatal(problems)
	}
	s := datasettest.Again(t, d.Schema)
	st, err := stream.Open(s, strings.NewReader("b,w,a\n1,v,3\n,x,\n2,u,q\n"), "x.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := s.NewBatch(3)
	if n, err := st.Next(b, 3); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if got := fmt.Sprint(b.Floats[0][:8], st.Errors()); got != `[1 0 1 1 0 0 0 0] [<nil> <nil> line 4: column "a": "q" is not a number]` {
		t.Error(got)
	}
	if spans := fmt.Sprint(s.Inputs[0].Spans()); spans != "[{a 0 1} {w 1 3} {b 3 4}]" {
		t.Error(spans)
	}
}
