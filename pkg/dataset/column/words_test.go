package column_test

import (
	"slices"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/datasettest"
)

// Inputs of whole numbers name what each number means. Reserved tokens have no word, whatever the text contains.
func TestWords(t *testing.T) {
	for _, c := range []struct {
		table, section, input string
		want                  []string
	}{
		{"w,y\nb a,1\nb,2\n<end> b,3\n", "inputs: [{column: w, type: text, tokenizer: {type: whitespace, min_count: 1}}], target: y", "w", []string{"", "", "b", "<end>", "a"}},
		{"w,v\nb a,b\nb,c\n", "inputs: [{column: w, type: text, tokenizer: {type: word, min_count: 1}}], target: {column: v, type: text, tokenizer: shared}", "w", []string{"", "", "b", "a", "c", ""}},
		{"w,v\nb a,b\nb,c\n", "inputs: [{column: w, type: text}], target: {column: v, type: text, tokenizer: char}", "v", []string{"", "", "b", "c", ""}},
		{"w,y\nb,1\na,2\n,3\n", "inputs: [{column: w, type: category, encode: index}], target: y", "w", []string{"", "a", "b", ""}},
		{"w,y\nb,1\na,2\n", "inputs: [{column: w, type: category}], target: y", "w", nil},
	} {
		d, problems := datasettest.LoadTable(t, c.table, c.section)
		if problems != "" {
			t.Fatal(problems)
		}
		for _, s := range []*dataset.Schema{d.Schema, datasettest.Again(t, d.Schema)} {
			in := s.Input(c.input)
			if got := in.Encoder.(column.Worded).Words(); !slices.Equal(got, c.want) || len(got) > 0 && len(got) != in.Vocabulary {
				t.Errorf("%s: %q of %d, want %q", c.section, got, in.Vocabulary, c.want)
			}
		}
	}
}
