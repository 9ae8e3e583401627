package column_test

import (
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

// TestFreeText: sentences are texts, whether the spec names their column or not, and a few that look like lists change nothing.
func TestFreeText(t *testing.T) {
	var b strings.Builder
	b.WriteString("review,name,list,steps,y\n")
	for i := range 40 {
		film := "the film"
		if i%10 == 3 {
			film = "[a]n film"
		}
		fmt.Fprintf(&b, film+" number %d was not as good as %d others,Smith %d of Long Lane,\"[1, 2, 3, 4, 5, 6, %d]\",1 2 3 4 5 6 %d,%d\n", i, 7*i, i, i, i, i%2)
	}
	d, problems := datasettest.LoadTable(t, b.String(), "inputs: [review], target: {column: y, type: binary}")
	if problems != "" || !datasettest.Noted(d, "review: text, 11 words per field on average") || d.Schema.Inputs[0].Vocabulary == 0 {
		t.Errorf("%s %q", problems, d.Notes)
	}
	for _, column := range []string{"name", "list", "steps", "{column: review, type: category}"} {
		d, problems = datasettest.LoadTable(t, b.String(), "inputs: ["+column+"], target: {column: y, type: binary}")
		if problems != "" || datasettest.Noted(d, "text") || d.Schema.Inputs[0].Vocabulary > 0 {
			t.Errorf("%s: %s %q", column, problems, d.Notes)
		}
	}
	d, problems = datasettest.LoadTable(t, b.String(), "target: {column: y, type: binary}")
	if problems != "" || datasettest.Noted(d, "review looks like") || len(d.Schema.Blocks) != 2 ||
		!strings.HasPrefix(d.Schema.Input("review").Inferred, "review is inferred to be free text, of 11 words per field on average") {
		t.Errorf("%s %q", problems, d.Notes)
	}
	_, problems = datasettest.LoadTable(t, b.String(), "inputs: [{columns: '*'}], target: y")
	if !strings.Contains(problems, `column "review" holds free text (11 words per field on average, and most fields differ), which cannot be joined with other columns; leave it out with "!review"`) {
		t.Error(problems)
	}
}

// TestFreeTextAtAnyRows: the type does not depend on the number of rows.
func TestFreeTextAtAnyRows(t *testing.T) {
	for _, rows := range []int{25, 341, 342, 400} {
		var b strings.Builder
		b.WriteString("review,y\n")
		for i := range rows {
			if i == 341 {
				b.WriteString("[")
			}
			fmt.Fprintf(&b, "film %d was seen by %d people in all of town,%d\n", i, 7*i, i%2)
		}
		if d, problems := datasettest.LoadTable(t, b.String(), "target: y"); problems != "" || !d.Schema.Inputs[0].IsText() {
			t.Errorf("%d rows: %s %q", rows, problems, d.Notes)
		}
	}
}

// TestNothingToLearnFrom: a net whose every input is useless is a mistake.
func TestNothingToLearnFrom(t *testing.T) {
	var b strings.Builder
	b.WriteString("name,k,y\n")
	for i := range 700 {
		fmt.Fprintf(&b, "n%d,k,%d\n", i, i%2)
	}
	if _, problems := datasettest.LoadTable(t, b.String(), "target: y"); !strings.Contains(problems, "there is nothing to learn from: every input is constant or has only rare words in the training split (name, k)") {
		t.Error(problems)
	}
}

// TestGapsGetAWarning: a column that is missing nearly everywhere is told, and a key that most objects lack.
func TestGapsGetAWarning(t *testing.T) {
	var lines, rows strings.Builder
	rows.WriteString("a,b,c,y\n")
	for i := range 40 {
		key := "temp"
		if i%3 > 0 {
			key = "Temp"
		}
		fmt.Fprintf(&lines, `{"a": %d, %q: %d, "y": %d}`+"\n", i, key, i, i%2)
		b, c := "", fmt.Sprint(i)
		if i == 0 {
			b = "1"
		}
		if i%3 > 0 {
			c = ""
		}
		fmt.Fprintf(&rows, "%d,%s,%s,%d\n", i, b, c, i%2)
	}
	dir := datasettest.Write(t, map[string]string{"d.jsonl": lines.String()})
	d := datasettest.MustLoad(t, dir, "{train: d.jsonl, inputs: [a, temp], target: {column: y, type: binary}}")
	if !datasettest.Noted(d, "warning: temp is missing in 26 of 40 rows of the training split (do other objects have the key Temp instead?)") || datasettest.Noted(d, "warning: a is missing") {
		t.Errorf("%q", d.Notes)
	}
	d, problems := datasettest.LoadTable(t, rows.String(), "inputs: [a, b, c], target: {column: y, type: binary}")
	if problems != "" || !datasettest.Noted(d, "warning: b is missing in 39 of 40 rows of the training split") || datasettest.Noted(d, "c is missing") {
		t.Errorf("%s %q", problems, d.Notes)
	}
	d, _ = datasettest.LoadTable(t, "a,b,y\n1,,0\n2,,1\n", "target: {column: y, type: binary}")
	if !datasettest.Noted(d, "warning: b is missing in 2 of 2 rows") {
		t.Errorf("%s %q", problems, d.Notes)
	}
}

// TestAbsentKeysAreTold: what keys objects of a stream lack is known at its end.
func TestAbsentKeysAreTold(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "a,b,y\n1,2,0\n2,3,1\n", "target: {column: y, type: binary}")
	if problems != "" {
		t.Fatal(problems)
	}
	for text, want := range map[string]string{
		"{\"a\": 1}\n{\"a\": 2}\n":                           "[{b 2 1 true}]",
		"{\"a\": 1, \"b\": 1}\n\n{\"a\": 2, \"b\": null}\n":  "[]",
		"{\"a\": 1, \"b\": 1}\n\n{broken\n{\"a\": 2}\n":      "[{b 1 4 false}]",
		strings.Repeat("{\"a\": 1}\n", 200) + "{\"b\": 1}\n": "[{a 1 201 false} {b 200 1 false}]",
	} {
		st, err := stream.Open(d.Schema, strings.NewReader(text), "x.jsonl", stream.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b := d.Schema.NewBatch(16)
		for n := 1; n > 0; n, _ = st.Next(b, 16) {
		}
		if got := fmt.Sprint(st.MissingKeys()); got != want {
			t.Errorf("%.30s: %s", text, got)
		}
	}
}
