package dataset

import (
	"strings"
)

// Gaps is the setting that says which words stand for a missing value.
type Gaps struct {
	MissingValues []string `json:"missing_values" scalar:"any" default:"[NA, N/A, NaN, nan, \"null\", \"NULL\"]" doc:"words that stand for a missing value, but in columns of type: text; an empty field always does"`
}

func (g *Gaps) gaps() []string { return g.MissingValues }

// cleaner trims fields and empties those that are gaps.
type cleaner struct {
	words []string
	first [256]bool // the first bytes of the words, to be quick about all others
}

func newCleaner(words []string) *cleaner {
	c := &cleaner{}
	for _, w := range words {
		if w = strings.TrimSpace(w); w != "" {
			c.words = append(c.words, w)
			c.first[w[0]] = true
		}
	}
	return c
}

// clean returns the field without blanks around it, "" when it is missing.
func (c *cleaner) clean(field string) string {
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

// field is a field of a column without blanks around it, "" when it is a gap.
func (c *cleaner) field(text string, plain bool) string {
	if plain {
		return strings.TrimSpace(text)
	}
	return c.clean(text)
}
