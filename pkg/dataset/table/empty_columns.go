package table

import "slices"

// LeaveOutEmpty leaves out the columns without a name in the file, nor a field in any row, such as delimiters at the end of all
// lines make. It returns their names.
func LeaveOutEmpty(t *Table, unnamed []int) (names []string) {
	if len(unnamed) == 0 {
		return nil
	}
	columns, out := ByName(t), map[*Column]bool{}
	for _, at := range unnamed {
		if c := columns[t.Header[at]]; c != nil && isEmpty(c) {
			names, out[c] = append(names, c.Name), true
		}
	}
	if len(names) > 0 {
		t.Columns = slices.DeleteFunc(t.Columns, func(c *Column) bool { return out[c] })
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
