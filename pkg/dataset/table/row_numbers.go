package table

import (
	"math"
	"slices"
)

// RowNumbers reports whether the fields of a column number the rows of its table: 0 to n − 1 or 1 to n, each once, in any order.
func (c *Column) RowNumbers(rows int) bool {
	if rows < 2 || !c.IsText() {
		return false
	}
	seen, low, high := make([]bool, rows+1), rows, 0
	for b, i := range c.all() {
		x, ok := b.number(i)
		if !ok || x != math.Trunc(x) || x < 0 || x > float64(rows) || seen[int(x)] {
			return false
		}
		seen[int(x)] = true
		low, high = min(low, int(x)), max(high, int(x))
	}
	return high-low == rows-1
}

// namesOfRowNumbers are those that other programs give to the unnamed column of row numbers.
var namesOfRowNumbers = []string{"Unnamed: 0", "...1", "rownames"}

// NumbersRows reports whether a column is one of row numbers that another program wrote: the first, without a name or with one that
// programs give it.
func (t *Table) NumbersRows(c *Column) bool { return t.MayNumberRows(c.Name) && c.RowNumbers(t.Rows) }

// MayNumberRows reports whether a column is the first and has the name of row numbers.
func (t *Table) MayNumberRows(name string) bool {
	return len(t.Header) > 1 && name == t.Header[0] && (t.Unnamed || slices.Contains(namesOfRowNumbers, name))
}
