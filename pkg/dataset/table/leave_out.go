package table

import "slices"

// LeaveOutEmpty leaves out the columns without a name in the file, nor a field in any row, such as delimiters at the end of all
// lines make. It returns their names.
func LeaveOutEmpty(t *Table, unnamed []int) (names []string) {
	for _, at := range unnamed {
		if c := t.Column(t.Header[at]); c != nil && isEmpty(c) {
			names = append(names, c.Name)
		}
	}
	if len(names) > 0 {
		t.Columns = slices.DeleteFunc(t.Columns, func(c *Column) bool { return slices.Contains(names, c.Name) })
	}
	return names
}

// isEmpty reports whether all fields of a column are gaps.
func isEmpty(c *Column) bool {
	for b, i := range c.all() {
		if !b.gap(i) {
			return false
		}
	}
	return true
}
