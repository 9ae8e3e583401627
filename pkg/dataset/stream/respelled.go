package stream

import "strings"

// Respelled is how many fields of a column write a word otherwise than training does.
type Respelled struct {
	Column      string
	Rows        int
	Field, Word string // of the first
}

// respell counts a field that is taken for a word of training, if it is.
func (c *columnPlaces) respell(column, field, word string) {
	if word == "" {
		return
	}
	for i := range c.respelled {
		if c.respelled[i].Column == column {
			c.respelled[i].Rows++
			return
		}
	}
	c.respelled = append(c.respelled, Respelled{column, 1, strings.Clone(field), word})
}

// Respelled returns the columns in which fields so far write a word otherwise than in training.
func (c *columnPlaces) Respelled() []Respelled { return c.respelled }
