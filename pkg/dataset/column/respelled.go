package column

import (
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/table"
)

// Respelling is an encoder that takes a word for one of training that is written otherwise: 1.0 for 1, or True for true.
type Respelling interface {
	// Respelled is the word of training for which a field of column i is taken; "" if it is that word itself, or is not known.
	Respelled(i int, field string) string
}

// loose reports whether words may be written otherwise.
func (x *index) loose() bool { return len(x.numbers) > 0 || x.booleans != nil }

// respelled is the word for which another one is taken; "" for none.
func (x *index) respelled(words []string, field string) string {
	if !x.loose() || field == "" {
		return ""
	}
	if at, ok := x.of(field); ok && words[at] != field {
		return words[at]
	}
	return ""
}

func (e *CategoryEncoder) Respelled(i int, field string) string {
	v := e.Columns[0]
	if !e.Index {
		v = e.Columns[i]
	}
	return v.known.respelled(v.Words, field)
}

func (e *CategoryTargetEncoder) Respelled(_ int, field string) string {
	return e.index.respelled(e.Classes, field)
}

func (e *BinaryEncoder) Respelled(i int, field string) string {
	return e.Columns[i].respelled(field)
}

func (e *BinaryTargetEncoder) Respelled(_ int, field string) string { return e.respelled(field) }

// words are all words of training.
func (w *twoWords) words() []string {
	words := slices.Concat(w.Positive, w.Negatives)
	if w.Negative != "" {
		words = append(words, w.Negative)
	}
	return words
}

func (w *twoWords) respelled(field string) string {
	words := w.words()
	if field == "" || slices.Contains(words, field) {
		return ""
	}
	if known := w.known(field); known != field {
		return known
	}
	if at := slices.IndexFunc(words, func(word string) bool { return sameWord(word, field) }); at >= 0 {
		return words[at]
	}
	return ""
}

// loose reports whether the words may be written otherwise.
func (w *twoWords) loose() bool {
	words := w.words()
	return Booleans(words) || slices.ContainsFunc(words, func(word string) bool {
		_, number := numeral.Parse(word)
		return number
	})
}

// warnRespelled warns, once for each file, that fields of column i of an input or target are written otherwise than the words that
// were learned.
func (f *Fitting) warnRespelled(i int, e Respelling) {
	for _, in := range f.All {
		if i >= len(in.Columns) || in.Columns[i] == nil {
			continue
		}
		c := in.Columns[i]
		for file, rows := range table.ByFile(in.Table, c.AllRows()) {
			counts, _ := c.Count(rows, mostRespelled)
			fields, example := 0, ""
			for word, n := range counts {
				if e.Respelled(i, word) != "" {
					if fields += n; example == "" || word < example {
						example = word
					}
				}
			}
			if fields > 0 {
				f.Warn("%s: %s of %s %s written otherwise, such as %s for %s; they are read as the same", c.Name, phrase.Count(fields, "field"),
					file, phrase.IsAre(fields), example, e.Respelled(i, example))
			}
		}
	}
}

// mostRespelled is how many different words of a file are looked at.
const mostRespelled = 10_000
