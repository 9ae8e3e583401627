package draft

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"dnn/internal/phrase"
	"dnn/pkg/survey"
)

// longTexts is the share of texts that are read whole; the others lose their ends.
const longTexts = 0.98

// letters reports whether a column is read letter by letter: names and single words are.
func letters(c *survey.Column) bool { return c.WordsEach < 3 }

// textInput writes an input of texts.
func (d *tabular) textInput(c *survey.Column) {
	rows := d.seen.Rows
	lengths := make([]int, 0, rows)
	for row := range int32(rows) {
		if letters(c) {
			lengths = append(lengths, utf8.RuneCountInString(c.Field(row)))
		} else {
			lengths = append(lengths, len(strings.Fields(c.Field(row))))
		}
	}
	slices.Sort(lengths)
	typical, longest := lengths[int(longTexts*float64(len(lengths)-1))], lengths[len(lengths)-1]
	tokenizer, unit, each := "word", "word", c.WordsEach
	if letters(c) {
		tokenizer, unit, each = "char", "letter", lengths[len(lengths)/2]
	}
	text := fmt.Sprintf("- {column: %s, type: text, tokenizer: %s", word(c.Name), tokenizer)
	comment := fmt.Sprintf("%s each", phrase.Count(each, unit))
	if limit := typical + typical/4 + 8; limit*3 < longest*2 {
		text += fmt.Sprintf(", max_length: %d", limit)
		comment += fmt.Sprintf("; the longest, of %s, are cut", phrase.Count(longest, unit))
	}
	d.dataset.in(2, "%s}", text).note("%s", comment)
}

// textNet writes a net for texts, and columns next to them: the mean of the vectors of words, or a recurrent net over letters.
func (d *tabular) textNet(texts, flat []*survey.Column, rows int) {
	r := recipe{rate: 0.002, decay: 0.01, batch: 64, updates: 1200, patience: 30}
	var read []string
	for i, c := range texts {
		name := fmt.Sprintf("text_%d", i+1)
		from := ""
		if len(texts)+len(flat) > 1 {
			from, read = fmt.Sprintf(", inputs: [%s]", word(c.Name)), append(read, name)
			name = "name: " + name + ", "
		} else {
			name = ""
		}
		if letters(c) {
			r.updates, r.patience, r.accurate = 3000, 0, true
			d.layers.add("- {type: embedding%s, size: 48, init: {type: normal, std: 1}}", from).note("a vector for each letter")
			d.layers.add("- {%stype: gru, units: 128, bidirectional: true}", name).note("the state after the whole text")
			continue
		}
		d.layers.add("- {type: embedding%s, size: 128}", from).note("a vector for each word")
		d.layers.add("- {type: spatial_dropout, rate: 0.5}").note("leaves out half of their numbers, against overfitting")
		d.layers.add("- {%stype: pool_sequence, method: mean}", name).note("the mean of all words")
	}
	if len(read) > 0 {
		for _, c := range flat {
			read = append(read, c.Name)
		}
		d.layers.add("- {type: concat, inputs: [%s]}", words(read))
	}
	d.layers.add("- {type: dropout, rate: 0.3}")
	if len(flat) > 0 {
		d.layers.add("- {type: dense, units: 64, activation: gelu}")
	}
	d.head()
	d.training(rows, r)
}
