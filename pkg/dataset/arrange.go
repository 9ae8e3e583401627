package dataset

import (
	"slices"
)

// arrangeAll arranges all tables as the spec says.
func (l *loader) arrangeAll(tables map[string]*Table) {
	s := l.settings
	var fitted Timing // of the training part
	if l.fitted != nil {
		fitted = *l.fitted
	}
	if fitted.Every == "" {
		fitted.Every = s.Every
	}
	for _, part := range s.Format.given() {
		t := tables[part]
		if t == nil {
			continue
		}
		bad := func(key, format string, args ...any) {
			at := root + "." + key
			if key == "" {
				at = root + "." + t.key
			}
			l.p.Add(at, format, args...)
		}
		switch {
		case (s.SequenceID != "" || s.arranges()) && slices.ContainsFunc(t.Columns, func(c *Column) bool { return !c.IsText() }):
			bad("", "pictures have no order in time: leave out order_by, group, sequence_id and windows of series")
		case s.SequenceID != "":
			l.timing = &Timing{ID: s.SequenceID, OrderBy: s.OrderBy, Layout: fitted.Layout}
			l.collapse(t, bad)
			l.doubtTies(t)
		case s.arranges():
			l.timing = &Timing{Group: s.Group, OrderBy: s.OrderBy, Layout: fitted.Layout, Every: fitted.Every, Calendar: s.Calendar}
			t.arrange(l.timing, s.timed(), bad)
			l.noteAbsent(t)
			if s.timed() {
				l.doubtPace(t)
			}
		}
		if l.timing != nil && fitted.Layout == "" {
			fitted.Layout, fitted.Every = l.timing.Layout, l.timing.Every
		}
	}
	if s.timed() {
		l.doubtOverlap(tables)
	}
}

// readTables reads all tables and brings their rows into order.
func (l *loader) readTables() map[string]*Table {
	l.tables = l.readAll()
	l.arrangeAll(l.tables)
	return l.tables
}

// noteAbsent tells of the moments that got a row.
func (l *loader) noteAbsent(t *Table) {
	line := t.time
	if line.made == 0 {
		return
	}
	tell := l.Note
	if 2*line.made > t.Rows {
		tell = l.Warn
	}
	tell("%severy: %s: %s of gaps for moments that are absent, the first %s (%s)", t.prefix(), l.timing.Every, counted(line.made, "row"), t.column(line.column).field(line.first), t.place(line.first))
}
