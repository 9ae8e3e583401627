package table

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/record"
)

// Among numbers, the words by which programs write a missing number are gaps: a well-known one always, and any other word
// without a digit if the column has ten different numbers for each such word.

// numbersPerGap is how many different numbers a column has for each word that is neither a number nor a well-known gap, if such
// words are gaps.
const numbersPerGap = 10

// NumberGaps are the words that are gaps in columns of numbers, and of words, besides those of missing_values.
type NumberGaps struct {
	Columns []string            `json:"columns"`         // those of numbers
	Words   map[string][]string `json:"words,omitempty"` // by column, its words that are not well known
	Named   []string            `json:"named,omitempty"` // the columns of words

	Forms map[string]numeral.Form `json:"forms,omitempty"` // by column of numbers that bear signs, how they are written
}

// Form is how the numbers of a column are written; nil for plainly.
func (g *NumberGaps) Form(column string) *numeral.Form {
	if g == nil {
		return nil
	}
	if form, ok := g.Forms[column]; ok {
		return &form
	}
	return nil
}

// Lookup returns what says what is a gap in a column; nil for one that is neither of numbers nor of words.
func (g *NumberGaps) Lookup() func(column string) func(word string) bool {
	if g == nil {
		return func(string) func(string) bool { return nil }
	}
	gaps := make(map[string]func(word string) bool, len(g.Columns)+len(g.Named))
	for _, name := range g.Columns {
		gaps[name] = numeral.KnownGap
		if own := g.Words[name]; len(own) > 0 {
			gaps[name] = func(word string) bool { return numeral.KnownGap(word) || slices.Contains(own, word) }
		}
	}
	for _, name := range g.Named {
		gaps[name] = numeral.KnownWordGap
	}
	return func(column string) func(word string) bool { return gaps[column] }
}

// Add takes a column of numbers.
func (g *NumberGaps) Add(column string, words []string) {
	g.Columns = append(g.Columns, column)
	if len(words) > 0 {
		if g.Words == nil {
			g.Words = map[string][]string{}
		}
		g.Words[column] = words
	}
}

// GapWords returns the words of a column that are gaps and not well known, if it is a column of numbers.
func (c *Column) GapWords(rows int) (words []string, numbers bool) {
	odd, some, last := map[string]bool{}, false, ""
	for k := range c.blocks {
		b := &c.blocks[k]
		if number, plain := b.plain(); plain {
			some = some || number
			continue
		}
		for i := range b.rows {
			if _, ok := b.number(i); ok {
				some = true
				continue
			}
			field := b.field(i)
			if field == "" || field == last || odd[field] {
				continue
			}
			if numeral.KnownGap(field) {
				last = field
				continue
			}
			odd[field] = true
			if len(odd)*numbersPerGap > rows || strings.ContainsFunc(field, unicode.IsDigit) {
				return nil, false
			}
		}
	}
	if len(odd) == 0 || !some || !manyNumbers(c, numbersPerGap*len(odd)) {
		return nil, some && len(odd) == 0
	}
	return slices.Sorted(maps.Keys(odd)), true
}

// mayBeGap reports whether a field may be a gap word among numbers or words: none ends with a digit, as most fields do.
func mayBeGap(field string) bool { return field != "" && field[len(field)-1]-'0' > 9 }

// manyNumbers reports whether a column has at least that many different numbers.
func manyNumbers(c *Column, least int) bool {
	seen := map[float64]bool{}
	for b, i := range c.all() {
		if x, ok := b.number(i); ok {
			if seen[x] = true; len(seen) >= least {
				return true
			}
		}
	}
	return false
}

// Empty makes gaps of some words and counts them.
func (c *Column) Empty(gap func(word string) bool) map[string]int {
	counts := map[string]int{}
	for k := range c.blocks {
		for word := range c.blocks[k].words {
			if mayBeGap(word) && gap(word) {
				counts[strings.Clone(word)]++
			}
		}
	}
	if len(counts) == 0 {
		return counts
	}
	other := &Column{}
	for b, i := range c.all() {
		if b.width > 0 && b.at(i).Digits != oddDigits || counts[b.field(i)] == 0 {
			takeField(other, b, i)
		} else {
			other.Add("")
		}
	}
	other.Seal()
	c.blocks = other.blocks
	return counts
}

// FieldCleaner trims the fields of one column and empties its gaps.
type FieldCleaner struct {
	Words *Cleaner
	Plain bool                   // free text: no word is a gap
	Gap   func(word string) bool // of a column of numbers or words; nil for others
	Form  *numeral.Form          // of a column of numbers that bear signs; nil for others
}

// Clean returns the field without surrounding spaces, with a number written plainly, or "" for a gap.
func (c *FieldCleaner) Clean(field string) string { return c.Form.Plain(c.CleanPlain(field)) }

// CleanPlain is Clean for a number that is written plainly, whatever the form of the column.
func (c *FieldCleaner) CleanPlain(field string) string {
	field = c.Words.Field(field, c.Plain)
	if c.Gap != nil && mayBeGap(field) && c.Gap(field) {
		return ""
	}
	return field
}

// CleanAt is Clean for a field of the row that was read last.
func (c *FieldCleaner) CleanAt(rec record.Reader, at int, field string) string {
	if j, ok := rec.(*record.JSONLines); ok && c.Form != nil && j.Number(at) {
		return c.CleanPlain(field)
	}
	return c.Clean(field)
}

// Number is the number of a field that has no spaces around it and no form, and is no gap, as most are in columns of numbers. Clean is
// for the others.
func (c *FieldCleaner) Number(field string) (x float64, ok bool) {
	if field == "" || mayBeGap(field) || !c.Plain && c.Words.first[field[0]] || c.Form != nil && c.Form.Decimal != "." {
		return 0, false
	}
	return numeral.Parse(field)
}

// CountWords lists words with their counts, the most frequent first: "?" (600 rows).
func CountWords(counts map[string]int) (list []string) {
	words := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(a, b)
	})
	for _, w := range words {
		list = append(list, phrase.Quote(w)+" ("+phrase.Count(counts[w], "row")+")")
	}
	return list
}
