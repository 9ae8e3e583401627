package table

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"dnn/pkg/dataset/numeral"
)

// Gaps is the setting that lists the words that mean a missing value.
type Gaps struct {
	MissingValues []string `json:"missing_values" scalar:"any" default:"[NA, N/A, NaN, nan, \"null\", \"NULL\"]" doc:"words that mean a missing value, except in columns of type: text; an empty field always does, and so do well-known gap words among numbers, and among words those that hardly mean anything else (?, n/a, nan, null …). A number stands for all ways to write it: -999 is -999.0 too"`
}

// GapWords are the words that mean a missing value.
func (g *Gaps) GapWords() []string { return g.MissingValues }

// Cleaner trims fields and empties gaps.
type Cleaner struct {
	words   []string
	used    []bool          // parallel to words: a field was that word
	numbers map[float64]int // by number, its place among the words
	first   [256]bool       // the first bytes of the words, to skip most fields quickly
}

// NewCleaner returns a cleaner for these words.
func NewCleaner(words []string) *Cleaner {
	c := &Cleaner{numbers: map[float64]int{}}
	for _, w := range words {
		if w = strings.TrimSpace(w); w == "" {
			continue
		}
		c.words, c.used = append(c.words, w), append(c.used, false)
		c.first[w[0]] = true
		x, ok := numeral.Parse(w)
		if !ok {
			continue
		}
		c.numbers[x] = len(c.words) - 1
		for _, b := range []byte("+-.0123456789") { // how the same number may begin
			c.first[b] = c.first[b] || (b == '-') == (x < 0) || x == 0
		}
	}
	return c
}

// Clean returns the field without surrounding spaces, or "" for a gap.
func (c *Cleaner) Clean(field string) string {
	field = strings.TrimSpace(field)
	if field == "" || !c.first[field[0]] {
		return field
	}
	at := slices.Index(c.words, field)
	if at < 0 && len(c.numbers) > 0 {
		x, number := numeral.Parse(field)
		if i, ok := c.numbers[x]; ok && number {
			at = i
		}
	}
	if at < 0 {
		return field
	}
	c.used[at] = true
	return ""
}

// fork is a cleaner of the same words that may be used at the same time; join takes over which words it found.
func (c *Cleaner) fork() *Cleaner {
	other := *c
	other.used = make([]bool, len(c.used))
	return &other
}

func (c *Cleaner) join(other *Cleaner) {
	for i, used := range other.used {
		c.used[i] = c.used[i] || used
	}
}

// cleanBytes is Field for a field in memory that will be used again.
func (c *Cleaner) cleanBytes(field []byte, plain bool) []byte {
	n := len(field)
	if n > 0 && (field[0] <= ' ' || field[0] >= utf8.RuneSelf || field[n-1] <= ' ' || field[n-1] >= utf8.RuneSelf) {
		field = bytes.TrimSpace(field)
	}
	if plain || len(field) == 0 || !c.first[field[0]] {
		return field
	}
	if c.Clean(string(field)) == "" {
		return nil
	}
	return field
}

// Unused lists the words that no field was so far.
func (c *Cleaner) Unused() (words []string) {
	for i, w := range c.words {
		if !c.used[i] {
			words = append(words, w)
		}
	}
	return words
}

// Field returns the field of a column without surrounding spaces, or "" for a gap.
func (c *Cleaner) Field(text string, plain bool) string {
	if plain {
		return strings.TrimSpace(text)
	}
	return c.Clean(text)
}
