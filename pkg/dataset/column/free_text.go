package column

import (
	"fmt"
	"strings"
	"unicode"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// sentenceWords is how many words fields have on average that are taken for sentences: names and addresses have fewer.
const sentenceWords = 6

// wordsPerField returns how many words the fields of a column have on average if they are sentences, otherwise 0: most fields
// differ, and most of their words have letters.
func (f *Fitting) wordsPerField(c *table.Column) int {
	if !c.IsText() {
		return 0
	}
	if holdsNumbers(f, c) {
		return 0
	}
	counts, gaps := f.words(c)
	rows := len(f.Rows) - gaps
	if rows < fewRows || len(counts)*2 <= rows {
		return 0
	}
	words, lettered := 0, 0
	for field := range counts {
		for _, word := range strings.Fields(field) {
			words++
			if strings.ContainsFunc(word, unicode.IsLetter) {
				lettered++
			}
		}
	}
	if words < sentenceWords*len(counts) || lettered*10 < words*7 {
		return 0
	}
	return words / len(counts)
}

// WarnOfGaps warns of columns of an input that are missing in nearly all rows, or in JSON Lines in most of them: a key
// may be spelled differently. Series across columns may be short, and series in the rows of an id are checked step by
// step.
func (f *Fitting) WarnOfGaps(kind Type, columns []*table.Column) {
	rows := f.Rows
	if s, ok := kind.(*Series); ok {
		if !s.Timed() {
			return
		}
		rows = f.History
	}
	keys := f.Spec.Keyed
	var lacking []string
	most := 0
	for _, c := range columns {
		if !c.IsText() {
			continue
		}
		gaps := c.Gaps(rows)
		if len(rows) >= fewRows && (gaps*10 >= len(rows)*9 || keys && gaps*2 > len(rows)) || gaps == len(rows) && gaps > 0 {
			lacking, most = append(lacking, c.Name), max(most, gaps)
		}
	}
	switch n := len(lacking); {
	case n == 0:
	case n > 1:
		f.Warn("%d columns are missing in up to %s of %s of the training split: %s", n, phrase.Thousands(most), phrase.Count(len(rows), "row"), phrase.List(lacking))
	default:
		f.Warn("%s is missing in %s of %s of the training split%s", lacking[0], phrase.Thousands(most), phrase.Count(len(rows), "row"), f.meantKey(lacking[0], keys))
	}
}

// meantKey suggests another key that the objects without a key may have instead.
func (f *Fitting) meantKey(name string, keys bool) string {
	if !keys {
		return ""
	}
	var others []string
	for _, key := range f.Table.Header {
		if key != name {
			others = append(others, key)
		}
	}
	if meant := spec.Suggest(name, others); meant != "" {
		return fmt.Sprintf(" (do other objects have the key %s instead?)", meant)
	}
	return ""
}
