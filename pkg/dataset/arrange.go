package dataset

import (
	"errors"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/dates"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// arrangeAll arranges all tables as the spec says.
func (l *arranger) arrangeAll(tables map[string]*table.Table) {
	s := l.settings
	var fitted table.Ordering // of the training split
	if l.fitted != nil && l.fitted.Ordering != nil {
		fitted = *l.fitted.Ordering
	}
	if fitted.Every == "" {
		fitted.Every = s.Every
	}
	if days := l.readHolidays(); l.fitted == nil { // else the file is read for its digest only
		fitted.Holidays = days
	}
	numbers := fitted.OrderBy != "" && fitted.Layout == ""
	for _, part := range s.Format.Given() {
		t := tables[part]
		if t == nil {
			continue
		}
		bad := func(key, format string, args ...any) {
			at := root + "." + key
			if key == "" {
				at = root + "." + t.Key
			}
			l.p.Add(at, format, args...)
		}
		switch {
		case (s.SequenceID != "" || s.arranges()) && slices.ContainsFunc(t.Columns, func(c *table.Column) bool { return !c.IsText() }):
			bad("", "images have no order in time: leave out order_by, group, sequence_id and windows of series")
		case s.SequenceID != "":
			l.timing = &table.Ordering{ID: s.SequenceID, OrderBy: s.OrderBy.Name(), Parts: s.OrderBy.Parts(), Layout: fitted.Layout, Format: s.DateFormat, Numbers: numbers}
			l.collapse(t, bad)
			l.warnTies(t)
		case s.arranges():
			l.timing = &table.Ordering{
				Group: s.Group, OrderBy: s.OrderBy.Name(), Parts: s.OrderBy.Parts(), Layout: fitted.Layout, Format: s.DateFormat,
				Every: fitted.Every, Calendar: s.Calendar, Holidays: fitted.Holidays, Numbers: numbers,
			}
			t.Arrange(l.timing, s.timed(), bad)
			l.noteAbsent(t)
			if s.timed() {
				l.doubtPace(t)
			}
		}
		if l.timing != nil && fitted.Layout == "" {
			fitted.Layout, fitted.Every = l.timing.Layout, l.timing.Every
			numbers = l.timing.OrderBy != "" && fitted.Layout == ""
		}
	}
	if s.timed() {
		l.doubtOverlap(tables)
		l.continueSplits(tables)
	}
}

// continueSplits gives official splits the rows before them as the history of their first windows.
func (l *arranger) continueSplits(tables map[string]*table.Table) {
	given := l.settings.Format.Given()
	for i, later := range given {
		for _, earlier := range slices.Backward(given[:i]) {
			if a, b := tables[earlier], tables[later]; a != nil && b != nil {
				if rows := table.Continue(b, a); rows > 0 {
					l.Note("%s: goes on from the %s split, whose rows are the history of its first windows", b.Key, partTitle(earlier))
				}
			}
		}
	}
}

// readTables reads all tables and brings their rows into order.
func (l *arranger) readTables() map[string]*table.Table {
	l.tables = l.readAll()
	l.tellUnmatched(l.tables)
	l.clearGaps(l.tables)
	l.arrangeAll(l.tables)
	return l.tables
}

// noteAbsent notes the timestamps that got a row.
func (l *arranger) noteAbsent(t *table.Table) {
	line := t.Time
	if line.Made == 0 {
		return
	}
	tell := l.Note
	if 2*line.Made > t.Rows {
		tell = l.Warn
	}
	tell("%severy: %s: %s of gaps for missing timestamps, the first %s (%s)", t.Prefix(), l.timing.Every, phrase.Count(line.Made, "row"), t.Column(line.Column).Field(line.First), t.Place(line.First))
}

// LastTable reads the table of the settings' own data whose rows a forecast goes on from: the whole, or the last of the
// official splits.
func (s *Settings) LastTable(schema *Schema, dir string, seed uint64) (*table.Table, string, error) {
	var p spec.Problems
	l := newLoader(s, dir, seed, &p)
	l.fitted, l.foreign = schema, true
	var tables map[string]*table.Table
	if l.allRegular() {
		tables = (&arranger{l}).readTables()
	}
	if p.Len() > 0 {
		doc, _ := spec.Parse("dataset", nil, nil)
		return nil, "", p.Err(doc)
	}
	for _, part := range []string{"", "test", "validation", "train"} {
		if t := tables[part]; t != nil {
			return t, part, nil
		}
	}
	return nil, "", errors.New("there is no data")
}

// Tables reads the data that the settings name, by split ("" for rows that are to be divided): the columns as they are, in the
// order of the files, before types are inferred or rows divided. Words for a gap among numbers are gaps; gaps lists those that
// are not well known. Numbers with signs are written plainly; decimal is the sign that should be set, or "". Paths are relative to dir.
// Mistakes are noted in p.
func (s *Settings) Tables(dir string, p *spec.Problems) (tables map[string]*table.Table, gaps []string, decimal string) {
	if s.Format == nil { // its own mistake was noted
		return nil, nil, ""
	}
	l := newLoader(s, dir, 0, p)
	tables = l.readAll()
	(&arranger{l}).clearGaps(tables)
	if l.gaps != nil {
		for _, words := range l.gaps.Words {
			gaps = append(gaps, words...)
		}
		slices.Sort(gaps)
		gaps = slices.Compact(gaps)
	}
	l.mistakes.summarize(p)
	return tables, gaps, l.decimalToSet(tables)
}

// readHolidays reads the days that the settings list or that their file holds.
func (l *arranger) readHolidays() []string {
	h := &l.settings.Holidays
	if h.File == "" {
		list, _ := dates.Days(h.Dates) // checked with the spec
		return list
	}
	list, err := dates.ReadDays(l.Path(h.File), l.Digest())
	if err != nil {
		l.p.Add(root+".holidays", "%v", err)
	}
	return list
}
