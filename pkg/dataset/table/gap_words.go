package table

import (
	"strings"
)

// Gaps is the setting that lists the words that mean a missing value.
type Gaps struct {
	MissingValues []string `json:"missing_values" scalar:"any" default:"[NA, N/A, NaN, nan, \"null\", \"NULL\"]" doc:"words that mean a missing value, except in columns of type: text; an empty field always does"`
}

// GapWords are the words that mean a missing value.
func (g *Gaps) GapWords() []string { return g.MissingValues }

// Cleaner trims fields and empties gaps.
type Cleaner struct {
	words []string
	first [256]bool // the first bytes of the words, to skip most fields quickly
}

// NewCleaner returns a cleaner for these words.
func NewCleaner(words []string) *Cleaner {
	c := &Cleaner{}
	for _, w := range words {
		if w = strings.TrimSpace(w); w != "" {
			c.words = append(c.words, w)
			c.first[w[0]] = true
		}
	}
	return c
}

// Clean returns the field without surrounding spaces, or "" for a gap.
func (c *Cleaner) Clean(field string) string {
	field = strings.TrimSpace(field)
	if field != "" && c.first[field[0]] {
		for _, w := range c.words {
			if field == w {
				return ""
			}
		}
	}
	return field
}

// Field returns the field of a column without surrounding spaces, or "" for a gap.
func (c *Cleaner) Field(text string, plain bool) string {
	if plain {
		return strings.TrimSpace(text)
	}
	return c.Clean(text)
}
