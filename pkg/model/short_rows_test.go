package model

import (
	"strings"
	"testing"
)

const shortRowsSpec = `
dataset:
  train: words.csv
  inputs: [{column: s, type: SORT}]
  target: {column: w, type: number}
layers: [LAYERS, {type: dense, units: targets}]
train: {batch_size: 4}
`

// A net that sees nothing of rows shorter than its windows is warned of, but not where the rows reach its end another way.
func TestRowsThatTheNetDoesNotSee(t *testing.T) {
	series := "s,w\n1 2 3 4 5 6 7 8 9,1\n2 3 1 0 2,2\n5 1 4,3\n3 4,3\n4 4,1\n"
	texts := "s,w\na bright red fox runs through the wood,1\nthe red fox,2\nfox,3\nthe wood,2\nred,1\n"
	text := "text, tokenizer: {type: word, min_count: 1}"
	for _, c := range []struct{ sort, rows, layers, want string }{
		{"series", series, "{type: conv1d, filters: 4, kernel: 3}, global_max_pool1d", "fewer than 3 steps in 2 of 5 rows"},
		{"series", series, "{type: conv1d, filters: 4, kernel: 3}, {type: max_pool1d, size: 2}, global_avg_pool1d", "fewer than 4 steps in 3 of 5 rows"},
		{"series", series, "{type: conv1d, filters: 4, kernel: 3}, {type: gru, units: 3}", "fewer than 3 steps in 2 of 5 rows"},
		{"series", series, "{type: conv1d, filters: 4, kernel: 5, padding: same}, global_max_pool1d", ""},
		{"series", series, "{type: gru, units: 3}", ""},
		{text, texts, "{type: embedding, size: 4}, {type: conv1d, filters: 6, kernel: 3}, attention_pool", "fewer than 3 steps in 3 of 5 rows"},
		{text, texts, "{type: embedding, size: 4, name: e}, {type: conv1d, filters: 6, kernel: 3}, {type: global_max_pool1d, name: m}, " +
			"{type: conv1d, filters: 6, kernel: 2, inputs: [e]}, {type: global_max_pool1d, name: n}, {type: concat, inputs: [m, n]}", "fewer than 2 steps in 2 of 5 rows"},
		{text, texts, "{type: embedding, size: 4, name: e}, {type: conv1d, filters: 6, kernel: 3}, {type: global_max_pool1d, name: m}, " +
			"{type: gru, units: 3, inputs: [e], name: n}, {type: concat, inputs: [m, n]}", ""},
	} {
		j := mustOpen(t, strings.NewReplacer("SORT", c.sort, "LAYERS", c.layers).Replace(shortRowsSpec), c.rows)
		got := ""
		for _, note := range j.Notes.Texts() {
			if strings.Contains(note, "sees nothing") {
				got = note
			}
		}
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.layers, got, c.want)
		}
	}
}
