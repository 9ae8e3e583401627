package table

import "slices"

// Continue puts the rows of an earlier table before those of t, group by group, as the history of the first windows of t. Both
// are in order. A group is continued if the step from its last row to the first one of t is no longer than all others of the
// earlier table. It returns how many rows were put before.
func Continue(t, earlier *Table) (rows int) {
	a, b := earlier.Time, t.Time
	if a == nil || b == nil || a.At == nil || b.At == nil || a.Column != b.Column || (a.Format.Layout == "") != (b.Format.Layout == "") {
		return 0
	}
	longest := longestStep(a)
	joined := &TimeIndex{Groups: b.Groups, Column: b.Column, Format: b.Format, calendar: b.calendar}
	groups := map[string]int{}
	for k, name := range a.Groups {
		groups[name] = k
	}
	var from []*Table
	var order []int32
	add := func(of *Table, row int32, history bool) {
		from, order = append(from, of), append(order, row)
		joined.At, joined.Origin = append(joined.At, of.Time.At[row]), append(joined.Origin, of.Time.Origin[row])
		joined.history = append(joined.history, history)
	}
	for g, name := range b.Groups {
		begin, end := b.Starts[g], b.Starts[g+1]
		if k, known := groups[name]; known && begin < end && a.Starts[k] < a.Starts[k+1] {
			step := b.At[begin] - a.At[a.Starts[k+1]-1]
			for row := a.Starts[k]; row < a.Starts[k+1] && step > 0 && step <= longest; row++ {
				add(earlier, row, true)
				rows++
			}
		}
		for row := begin; row < end; row++ {
			add(t, row, b.history != nil && b.history[row])
		}
		for len(joined.Group) < len(order) {
			joined.Group = append(joined.Group, int32(g))
		}
	}
	if rows > 0 {
		joined.begin()
		merge(t, joined, from, order)
	}
	return rows
}

// merge gives a table rows of several.
func merge(t *Table, joined *TimeIndex, from []*Table, order []int32) {
	columns, places := map[*Table][]*Column{}, make([]string, len(order))
	lines := make([]int32, len(order))
	for i, of := range from {
		places[i], lines[i] = of.Place(order[i]), of.Line(order[i])
		for k := len(columns[of]); k < len(t.Columns); k++ {
			columns[of] = append(columns[of], of.Column(t.Columns[k].Name))
		}
	}
	for k, c := range t.Columns {
		all := &Column{Name: c.Name}
		for i, of := range from {
			if own := columns[of][k]; own != nil {
				all.Add(own.Field(order[i]))
			} else {
				all.Add("")
			}
		}
		all.Seal()
		t.Columns[k] = all
	}
	t.Rows, t.Time, t.Sources, t.Lines = len(order), joined, places, lines
}

// longestStep is the longest step from row to row of a group.
func longestStep(t *TimeIndex) (longest float64) {
	for row := 1; row < len(t.At); row++ {
		if t.Group[row] == t.Group[row-1] {
			longest = max(longest, t.At[row]-t.At[row-1])
		}
	}
	return longest
}

// OwnRows lists the rows of a table but for those that Continue put before them.
func OwnRows(t *Table) []int32 {
	rows := AllRows(t)
	if t.Time == nil || t.Time.history == nil {
		return rows
	}
	return slices.DeleteFunc(rows, func(row int32) bool { return t.Time.history[row] })
}
