package dataset_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
)

// loadOver loads a table as models say.
func loadOver(t *testing.T, csv, section string, models ...*dataset.Schema) *dataset.Data {
	t.Helper()
	dir := datasettest.Write(t, map[string]string{"d.csv": csv})
	s, doc, p := datasettest.Decode(t, section)
	d := dataset.Load(s, dir, 1, p, dataset.TakeOver(models...))
	if err := p.Err(doc); err != nil {
		t.Fatal(err)
	}
	return d
}

func stored(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every type takes over what its own encoder learned, and nothing of another type's.
func TestTakeOver(t *testing.T) {
	const (
		before = "n,m,w,yes,t,s,y\n1,4,a,on,red sun,1 2,1\n2,5,b,off,blue sun,3 4,2\n3,6,c,on,red sky,5 9,3\n"
		after  = "n,m,w,yes,t,s,y\n10,40,b,off,red cat,10 20,100\n20,50,d,on,blue cat,30 40,200\n30,60,b,off,one cat,50 90,300\n"
	)
	for inputs, takes := range map[string]string{
		"{column: n, type: number}":                                  "n",
		"{column: n, type: number, normalize: minmax}":               "n",
		"{columns: [n, m], type: number, name: x}":                   "n m",
		"{column: w, type: category}":                                "w",
		"{columns: [w, t], type: category, encode: index, name: x}":  "w t",
		"{column: yes, type: binary}":                                "yes",
		"{column: t, type: text, tokenizer: word}":                   "t",
		"{column: t, type: text, tokenizer: char, max_length: 8}":    "t",
		"{columns: [n, w], name: x}":                                 "n w",
		"{column: s, type: series}":                                  "s",
		"{columns: [n, m], type: series, channels: 2, name: x}":      "n m",
		"{columns: [n, m], type: series, normalize: none, name: x}":  "n m",
		"{column: m, type: number, normalize: log1p, missing: mean}": "m",
	} {
		section := fmt.Sprintf("{path: d.csv, inputs: [%s], target: {column: y, type: number}, split: {validation: 0, test: 0}}", inputs)
		old := loadOver(t, before, section)
		anew, taken := loadOver(t, after, section), loadOver(t, after, section, old.Schema)
		want := append(strings.Fields(takes), "y")
		if !slices.Equal(slices.Compact(slices.Sorted(slices.Values(taken.Taken))), slices.Sorted(slices.Values(want))) {
			t.Errorf("%s: taken %v, want %v", inputs, taken.Taken, want)
		}
		if got, want := stored(t, taken.Schema.Inputs), stored(t, old.Schema.Inputs); got != want {
			t.Errorf("%s: is fitted as\n%s, want\n%s", inputs, got, want)
		}
		if got, want := stored(t, taken.Schema.Heads), stored(t, old.Schema.Heads); got != want {
			t.Errorf("%s: the target is fitted as\n%s, want\n%s", inputs, got, want)
		}
		if len(anew.Taken) > 0 || !strings.Contains(inputs, "none") && !strings.Contains(inputs, "yes") && stored(t, anew.Schema.Inputs) == stored(t, old.Schema.Inputs) {
			t.Errorf("%s: nothing was to be taken", inputs)
		}
	}
}

// What does not fit is fitted to the data: a column of another type, a gap that the model has nothing for, a number that its
// logarithm does not take, a word that is neither yes nor no, tokens of another kind. Of columns joined into an input, each counts for itself.
func TestTakeOverWhatFits(t *testing.T) {
	const before = "n,m,w,yes,t,y\n1,4,a,on,red sun,1\n2,5,b,off,blue sun,2\n3,6,c,on,red sky,3\n"
	for _, c := range []struct{ before, after, rows, taken string }{
		{"{column: n, type: number}", "{column: n, type: category}", before, "y"},
		{"{column: w, type: category, missing: error}", "{column: w, type: category}", "n,w,y\n1,a,1\n2,,2\n3,b,3\n", "y"},
		{"{column: n, type: number, normalize: log_zscore}", "{column: n, type: number}", "n,y\n-1,1\n2,2\n3,3\n", "y"},
		{"{column: yes, type: binary}", "{column: yes, type: binary}", "yes,y\nja,1\nnein,2\nja,3\n", "y"},
		{"{column: t, type: text, tokenizer: char}", "{column: t, type: text, tokenizer: word}", before, "y"},
		{"{columns: [n, m], type: number, name: a}", "{columns: [k, m], type: number, name: b}", "k,m,y\n1,4,1\n2,5,2\n3,7,3\n", "m y"},
		{"{column: n, type: number}", "{column: n, type: number, name: other}", before, "n y"},
	} {
		section := "{path: d.csv, inputs: [%s], target: {column: y, type: number}, split: {validation: 0, test: 0}}"
		old := loadOver(t, before, fmt.Sprintf(section, c.before))
		d := loadOver(t, c.rows, fmt.Sprintf(section, c.after), old.Schema)
		if got := strings.Join(d.Taken, " "); got != c.taken {
			t.Errorf("%s after %s: taken %q, want %q", c.after, c.before, got, c.taken)
		}
		if d.Train == nil || d.Train.Rows() != 3 {
			t.Errorf("%s after %s: not all rows are there", c.after, c.before)
		}
	}
}

// A text to continue is cut into the tokens of a model, if its tokenizer is of the same kind.
func TestTakeOverTokens(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"a.txt": strings.Repeat("a bad cab. ", 20), "b.txt": strings.Repeat("be a bee, ", 20)})
	load := func(path, tokenizer string, models ...*dataset.Schema) *dataset.Data {
		s, doc, p := datasettest.Decode(t, "{format: text, path: "+path+", tokenizer: "+tokenizer+", window: 8, split: {validation: 0, test: 0}}")
		d := dataset.Load(s, dir, 1, p, dataset.TakeOver(models...))
		if err := p.Err(doc); err != nil {
			t.Fatal(err)
		}
		return d
	}
	old := load("a.txt", "char").Schema
	if got := load("b.txt", "char", old); stored(t, got.Schema.Heads[0].Classes) != stored(t, old.Heads[0].Classes) || !slices.Equal(got.Taken, []string{"text"}) {
		t.Errorf("taken %v: %s", got.Taken, stored(t, got.Schema.Heads[0].Classes))
	}
	if got := load("b.txt", "char"); stored(t, got.Schema.Heads[0].Classes) == stored(t, old.Heads[0].Classes) {
		t.Error("both texts have the same tokens")
	}
	if got := load("b.txt", "word", old); len(got.Taken) > 0 {
		t.Errorf("taken %v", got.Taken)
	}
}
