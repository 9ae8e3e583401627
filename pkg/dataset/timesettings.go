package dataset

import "dnn/pkg/spec"

// checkTime holds the settings of time against each other.
func (s *Settings) checkTime(path string, p *spec.Problems) {
	if s.Order != "" {
		if s.OrderBy != "" && s.OrderBy != s.Order {
			p.Add(path+".order", "order and order_by are the same; want one of them")
		}
		s.OrderBy, s.Order = s.Order, ""
	}
	if _, files := s.Format.(*SequenceFolder); files {
		if s.SequenceID != "" && s.SequenceID != fileColumn {
			p.Add(path+".sequence_id", "each file is a sequence already; leave sequence_id out")
		}
		s.SequenceID = fileColumn
	}
	s.checkHorizons(path, p.Add)
	if err := s.checkEvery(); err != nil {
		p.Add(path+".every", "%v", err)
		s.Every = ""
	}
	s.checkCalendar(path, p)
	if o := s.Split.Order; s.horizon() > 1 && (o != nil && !*o || o == nil && s.Split.Stratify) {
		p.Add(path+".split", "rows drawn at random would share the values that they are to predict; a horizon of several steps wants order: true")
	}
	_, files := s.Format.(*SequenceFolder)
	switch {
	case files && s.horizon() > 0:
		p.Add(path+".target", "each file is one sequence with one answer; a target of type series is for a table whose rows follow one another (format: csv, and group: COLUMN for several series)")
	case files && s.timed():
		p.Add(path+".inputs", "each file is one sequence; windows are for a table whose rows follow one another (format: csv, and group: COLUMN for several series)")
	case files && s.Group != "":
		p.Add(path+".group", "is for windows over the rows of one table; each file is one sequence")
	case s.Group != "" && s.SequenceID != "":
		p.Add(path+".group", "group and sequence_id exclude each other: the rows of a group make many windows, those of an id one sequence")
	case s.Group != "" && !s.timed():
		p.Add(path+".group", "is for windows of rows that follow one another; no input has a window, and the target is no series")
	case s.SequenceID != "" && s.timed() && s.horizon() == 0:
		p.Add(path+".sequence_id", "all rows of an id are one sequence; windows over the rows of several series are told apart by group: %s", s.SequenceID)
	case s.SequenceID != "" && s.horizon() > 0:
		p.Add(path+".sequence_id", "an id is one row of the dataset, with one answer; a target of type series wants windows instead (group: %s)", s.SequenceID)
	}
}

// tellsTime reports whether a column says how rows follow one another, and so is no input unless it is named.
func (s *Settings) tellsTime(column string) bool {
	return column == s.OrderBy || column == s.Group || column == s.SequenceID
}

// readTables reads all tables and brings their rows into order.
func (l *loader) readTables() map[string]*Table {
	l.tables = l.readAll()
	l.arrangeAll(l.tables)
	return l.tables
}
