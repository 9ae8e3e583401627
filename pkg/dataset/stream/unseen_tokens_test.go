package stream_test

import (
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

// Tokens that the vocabulary does not have are counted by input, such as all letters of words in capitals.
func TestUnseenTokensAreCounted(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": "word,other,y\nabc,a b,u\ncab,b a,v\nbca,b,u\n"})
	d := datasettest.MustLoad(t, dir, "{train: d.csv, inputs: [{column: word, type: text, tokenizer: char}, {column: other, type: text, tokenizer: {type: word, min_count: 1}}], target: {column: y, type: category}}")
	for rows, want := range map[string]string{
		"abc,a\ncc,b b\n":     "[{word 0 5} {other 0 3}]",
		"ABC,a\nabD,b x y\n":  "[{word 4 6} {other 2 4}]",
		"ABCDEFGH,b\na,A B\n": "[{word 8 9} {other 0 3}]", // words are lower-cased
	} {
		st, err := stream.Open(d.Schema, strings.NewReader("word,other\n"+rows), "new.csv", stream.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b := d.Schema.NewBatch(8)
		for range 2 {
			if _, err := st.Next(b, 1); err != nil {
				t.Fatal(err)
			}
		}
		if got := fmt.Sprint(st.UnseenTokens()); got != want {
			t.Errorf("%q: %s, want %s", rows, got, want)
		}
	}
}
