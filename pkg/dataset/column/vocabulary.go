package column

import (
	"cmp"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/numeral"
)

// vocabulary holds the classes of a column. A cell is 0 for unseen words, 1… for the words, then other, then missing.
type vocabulary struct {
	Words      []string `json:"words"`
	Other      bool     `json:"other,omitempty"`        // there were rare words
	Rare       bool     `json:"rare,omitempty"`         // there were rare words, which may have no class at all
	Missing    bool     `json:"missing,omitempty"`      // there were gaps, and they are a class
	Gap        string   `json:"gap,omitempty"`          // the word that fills a gap
	GapIsError bool     `json:"gap_is_error,omitempty"` // a gap is a mistake

	RareWords []string `json:"rare_words,omitempty"` // the rare words, unless they are many

	known, rare index
}

// mostRare is how many rare words are kept, to tell them from words that training never saw.
const mostRare = 1000

// size is the number of floats of a one-hot column.
func (v *vocabulary) size() int {
	n := len(v.Words)
	if v.Other {
		n++
	}
	if v.Missing {
		n++
	}
	return n
}

// of returns the cell of a field: 0 unseen, then words, other and missing.
func (v *vocabulary) of(field string) (uint32, bool) {
	if field == "" {
		if v.GapIsError {
			return 0, false
		}
		if v.Missing {
			return uint32(v.size()), true
		}
		field = v.Gap
	}
	if c, ok := v.known.of(field); ok {
		return c + 1, true
	}
	if v.Other {
		return uint32(len(v.Words) + 1), true
	}
	return 0, true
}

// maySeen reports whether a word without a class may have been one of the rare words of training.
func (v *vocabulary) maySeen(field string) bool {
	if _, rare := v.rare.of(field); rare || v.Gap == field {
		return true
	}
	return v.Rare && len(v.RareWords) == 0
}

// vocabulary fits the classes of a column.
func (c *Category) vocabulary(f *Fitting, name string, counts map[string]int, gaps int) *vocabulary {
	v := &vocabulary{}
	if c.Missing == "constant" && gaps > 0 {
		counts[c.Fill] += gaps
	}
	mergeNumbers(counts)
	byCount := make([]string, 0, len(counts))
	for w := range counts {
		byCount = append(byCount, w)
	}
	slices.SortFunc(byCount, func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	switch {
	case c.Missing == "mode" && len(byCount) > 0:
		v.Gap = byCount[0]
	case c.Missing == "constant":
		v.Gap = c.Fill
	case c.Missing == "error" || c.Missing == "drop_row":
		v.GapIsError = true
	case gaps > 0:
		v.Missing = true
	}
	least := c.MinCount
	if least == 0 { // too few rows to learn from; the weights of such columns would only memorize single rows
		least = len(f.Rows) / 300
	}
	keep := 0
	for keep < len(byCount) && keep < c.MaxCategories && counts[byCount[keep]] >= least {
		keep++
	}
	if rare := len(byCount) - keep; rare > 0 {
		v.Other, v.Rare = true, true
		if rare <= mostRare {
			v.RareWords = sortWords(byCount[keep:])
		}
		f.Note("%s: %s of %d for the class \"other\" (min_count %d, max_categories %d)", name, phrase.Count(rare, "rare word"), len(byCount), least, c.MaxCategories)
	}
	if !f.Findings.Warned[name] && warnListed(f, "", name, counts) {
		f.Findings.Warned[name] = true
	}
	f.warnWords(name, counts, gaps, keep, least)
	v.Words = sortWords(byCount[:keep])
	return v
}

// sortWords sorts by value if all are numbers, otherwise alphabetically.
func sortWords(words []string) []string {
	words = slices.Clone(words)
	values := map[string]float64{}
	for _, w := range words {
		if x, ok := numeral.Parse(w); ok {
			values[w] = x
		}
	}
	slices.SortFunc(words, func(a, b string) int {
		if len(values) == len(words) {
			return cmp.Or(cmp.Compare(values[a], values[b]), cmp.Compare(a, b))
		}
		return cmp.Compare(a, b)
	})
	return words
}

// names name the floats of a one-hot column.
func (v *vocabulary) names(column string) (names []string) {
	for _, w := range v.Words {
		names = append(names, column+" is "+w)
	}
	if v.Other {
		names = append(names, column+" is another")
	}
	if v.Missing {
		names = append(names, column+" is missing")
	}
	return names
}
