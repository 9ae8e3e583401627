package table

import (
	"iter"

	"dnn/pkg/dataset/numeral"
)

// FindForm looks for the form of a column's numbers.
func FindForm(c *Column, f *numeral.Finder) numeral.Found { return f.Of(fieldsIn(c), wordsIn(c)) }

// PointsOf says what the points in a column of plain numbers may be: decimal ones if any number cannot be grouped by them, and signs
// between thousands if all that have points can.
func PointsOf(c *Column) (decimals, thousands bool) { return numeral.PointsOf(fieldsIn(c)) }

// ReadNumbers writes the numbers of a column plainly, and notes what they bore. Other fields stay.
func ReadNumbers(c *Column, form *numeral.Form, note *numeral.Read) {
	other := &Column{}
	for field := range fieldsIn(c) {
		other.Add(note.Rewrite(form, field))
	}
	other.Seal()
	c.blocks = other.blocks
}

// fieldsIn yields all fields of a column.
func fieldsIn(c *Column) iter.Seq[string] {
	return func(yield func(string) bool) {
		for b, i := range c.all() {
			if !yield(b.field(i)) {
				return
			}
		}
	}
}

// wordsIn yields the fields that are no decimals and no gaps, in any order.
func wordsIn(c *Column) iter.Seq[string] {
	return func(yield func(string) bool) {
		for k := range c.blocks {
			for word := range c.blocks[k].words {
				if !yield(word) {
					return
				}
			}
		}
	}
}
