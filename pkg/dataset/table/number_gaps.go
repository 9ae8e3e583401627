package table

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"dnn/internal/phrase"
)

// Among numbers, the words by which programs write a missing number are gaps: a well-known one always, and any other word
// without a digit if the column has ten different numbers for each such word.

// knownGaps are the well-known ones, in small letters.
var knownGaps = func() map[string]bool {
	known := map[string]bool{}
	for _, w := range strings.Fields(`? ?? . .. ... - -- --- – — \n na n/a n.a. <na> #n/a #na nan -nan +nan #num! #null! #div/0! #value! #ref!
		1.#ind -1.#ind 1.#qnan -1.#qnan null none nil undefined missing unknown inf -inf +inf infinity -infinity +infinity`) {
		known[w] = true
	}
	return known
}()

// KnownGap reports whether a word is a well-known one for a missing number.
func KnownGap(word string) bool { return knownGaps[word] || knownGaps[strings.ToLower(word)] }

// knownWordGaps are those of them that hardly mean anything else among words, as none, unknown and - may.
var knownWordGaps = func() map[string]bool {
	known := map[string]bool{}
	for _, w := range strings.Fields(`? ?? \n na n/a n.a. <na> #n/a #na nan -nan +nan #num! #null! #div/0! #value! #ref! null
		1.#ind -1.#ind 1.#qnan -1.#qnan`) {
		known[w] = true
	}
	return known
}()

// longestWordGap is the length of the longest of knownWordGaps.
const longestWordGap = len("-1.#qnan")

// KnownWordGap reports whether a word among words is a well-known one for a missing value.
func KnownWordGap(word string) bool {
	return len(word) <= longestWordGap && (knownWordGaps[word] || knownWordGaps[strings.ToLower(word)])
}

// numbersPerGap is how many different numbers a column has for each word that is neither a number nor a well-known gap, if such
// words are gaps.
const numbersPerGap = 10

// NumberGaps are the words that are gaps in columns of numbers, and of words, besides those of missing_values.
type NumberGaps struct {
	Columns []string            `json:"columns"`         // those of numbers
	Words   map[string][]string `json:"words,omitempty"` // by column, its words that are not well known
	Named   []string            `json:"named,omitempty"` // the columns of words
}

// In returns what is a gap in a column; nil for one that is neither of numbers nor of words.
func (g *NumberGaps) In(column string) func(word string) bool {
	switch {
	case g == nil:
		return nil
	case slices.Contains(g.Named, column):
		return KnownWordGap
	case !slices.Contains(g.Columns, column):
		return nil
	}
	own := g.Words[column]
	return func(word string) bool { return KnownGap(word) || slices.Contains(own, word) }
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
	for row := range int32(rows) {
		field := c.Field(row)
		if field == "" || field == last || odd[field] {
			continue
		}
		if _, ok := ParseNumber(field); ok {
			some, last = true, field
			continue
		}
		if KnownGap(field) {
			last = field
			continue
		}
		odd[field] = true
		if len(odd)*numbersPerGap > rows || strings.ContainsFunc(field, unicode.IsDigit) {
			return nil, false
		}
	}
	if len(odd) == 0 || !some || !c.manyNumbers(rows, numbersPerGap*len(odd)) {
		return nil, some && len(odd) == 0
	}
	return slices.Sorted(maps.Keys(odd)), true
}

// manyNumbers reports whether a column has at least that many different numbers.
func (c *Column) manyNumbers(rows, least int) bool {
	seen := map[float64]bool{}
	for row := range int32(rows) {
		if x, ok := ParseNumber(c.Field(row)); ok {
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
	for row := range int32(len(c.ends)) {
		if field := c.Field(row); field != "" && (field[0] < '0' || field[0] > '9' || field[len(field)-1] > '9') && gap(field) {
			counts[strings.Clone(field)]++
		}
	}
	if len(counts) == 0 {
		return counts
	}
	other := &Column{}
	for row := range int32(len(c.ends)) {
		field := c.Field(row)
		if counts[field] > 0 {
			field = ""
		}
		other.Add(field) // no longer than the column, whose size was looked at
	}
	other.Seal()
	c.text, c.ends = other.text, other.ends
	return counts
}

// FieldCleaner trims the fields of one column and empties its gaps.
type FieldCleaner struct {
	Words *Cleaner
	Plain bool                   // free text: no word is a gap
	Gap   func(word string) bool // of a column of numbers or words; nil for others
}

// Clean returns the field without surrounding spaces, or "" for a gap.
func (c *FieldCleaner) Clean(field string) string {
	field = c.Words.Field(field, c.Plain)
	if c.Gap != nil && field != "" && c.Gap(field) {
		return ""
	}
	return field
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
