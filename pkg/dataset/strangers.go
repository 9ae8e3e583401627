package dataset

// Series that training never saw: a new shop, or an old one written otherwise.

// strangers tells of the groups of a table which of them training never saw; nil where it saw all, or where there are none.
func (s *Schema) strangers(t *Table) (list []bool) {
	known := map[string]bool{}
	for _, name := range s.timing().Groups {
		known[name] = true
	}
	if len(known) == 0 || t.time == nil {
		return nil
	}
	for g, name := range t.time.groups {
		if list == nil && !known[name] {
			list = make([]bool, len(t.time.groups))
		}
		if !known[name] {
			list[g] = true
		}
	}
	return list
}

// lookGroup counts a row of a series that training never saw, where the group is no input of its own, whose words are looked at.
func (st *Stream) lookGroup() {
	if h := st.held; h != nil && h.foreign != nil && h.foreign[h.table.time.group[h.rows[h.at].row]] {
		st.unseen.count(st.schema.timing().Group)
	}
}
