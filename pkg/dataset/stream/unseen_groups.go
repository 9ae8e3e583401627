package stream

import (
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/table"
)

// Series that training never saw: a new shop, or an old one written otherwise.

// UnseenGroups reports which groups of a table training never saw; nil if it saw all, or if there are none.
func UnseenGroups(s *dataset.Schema, t *table.Table) (list []bool) {
	known := map[string]bool{}
	for _, name := range s.Order().Groups {
		known[name] = true
	}
	if len(known) == 0 || t.Time == nil {
		return nil
	}
	for g, name := range t.Time.Groups {
		if list == nil && !known[name] {
			list = make([]bool, len(t.Time.Groups))
		}
		if !known[name] {
			list[g] = true
		}
	}
	return list
}

// lookGroup counts a row of a series that training never saw, where the group is no input of its own, whose words are looked at.
func (st *Stream) lookGroup() {
	if h := st.Held; h != nil && h.foreign != nil && h.foreign[h.Table.Time.Group[h.Rows[h.at].row]] {
		st.unseen.count(st.schema.Order().Group)
	}
}
