package dataset

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/dates"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// checkTime holds the settings of time against each other.
func (s *Settings) checkTime(path string, p *spec.Problems) {
	if s.Order != "" {
		if len(s.OrderBy) > 0 && s.OrderBy.Name() != s.Order {
			p.Add(path+".order", "order and order_by are the same; want one of them")
		}
		s.OrderBy, s.Order = dates.OrderBy{s.Order}, ""
	}
	checkDateFormat(s, path, p)
	if _, files := s.Format.(format.FileSequences); files {
		if s.SequenceID != "" && s.SequenceID != format.FileColumn {
			p.Add(path+".sequence_id", "each file is a sequence already; leave sequence_id out")
		}
		s.SequenceID = format.FileColumn
	}
	s.checkHorizons(path, p.Add)
	if err := s.checkEvery(); err != nil {
		p.Add(path+".every", "%v", err)
		s.Every = ""
	}
	checkCalendar(s, path, p)
	if o := s.Split.Order; s.horizon() > 1 && (o != nil && !*o || o == nil && s.Split.Stratify.On) {
		p.Add(path+".split", "rows that are split at random share the values to predict; a horizon of several steps needs order: true")
	}
	_, files := s.Format.(format.FileSequences)
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
		p.Add(path+".sequence_id", "an id is one row of the dataset, with one label; a target of type series needs windows instead (group: %s)", s.SequenceID)
	}
}

// tellsTime reports whether a column says how rows follow one another or belong together, and so is no input unless it is named.
func (s *Settings) tellsTime(col string) bool {
	return col == s.OrderBy.Name() || slices.Contains(s.OrderBy, col) || col == s.Group || col == s.SequenceID || col == s.Split.Group
}

// timed reports whether rows of the table follow one another in time, so that an input or the target is made of several.
func (s *Settings) timed() bool {
	return s.horizon() > 0 || slices.ContainsFunc(s.Inputs, func(in InputSettings) bool {
		series, ok := in.Type.(column.Temporal)
		return ok && series.Timed()
	})
}

// arranges reports whether tables are brought into an order.
func (s *Settings) arranges() bool { return s.timed() || len(s.OrderBy) > 0 || s.Group != "" }

// checkCalendar holds the setting against the others.
func checkCalendar(s *Settings, path string, p *spec.Problems) {
	var known, many []string
	for _, part := range dates.Cycles {
		if known = append(known, part.Name); part.Names == nil {
			many = append(many, part.Name)
		}
	}
	known = append(known, dates.HolidayColumn)
	for i, part := range s.Calendar {
		at := fmt.Sprintf("%s.calendar[%d]", path, i)
		name, oneHot := strings.CutSuffix(part, dates.OneHot)
		switch {
		case !slices.Contains(known, name):
			p.Add(at, "expected %s, got %q%s", strings.Join(known, ", "), name, spec.DidYouMean(name, known))
		case slices.Contains(s.Calendar[:i], part):
			p.Add(at, "duplicate value %s", name)
		case oneHot && (name == dates.HolidayColumn || slices.Contains(many, name)):
			p.Add(at, "%s cannot be one_hot", name)
		default:
			continue
		}
		s.Calendar = nil
		return
	}
	switch holiday := slices.Contains(s.Calendar, dates.HolidayColumn); {
	case holiday && !s.Holidays.Given():
		p.Add(path+".calendar", "holiday needs holidays: a list of dates, or a file of them")
	case !holiday && s.Holidays.Given():
		p.Add(path+".holidays", "needs calendar: [holiday], the column that they make")
	}
	switch {
	case len(s.Calendar) == 0:
		return
	case s.SequenceID != "" || !s.timed():
		p.Add(path+".calendar", "is for windows of rows that follow one another; no input has a window, and the target is no series")
	case len(s.OrderBy) == 0:
		p.Add(path+".calendar", "needs order_by: the column of the dates")
	default:
		return
	}
	s.Calendar = nil
}

// checkDateFormat holds the setting against the others.
func checkDateFormat(s *Settings, path string, p *spec.Problems) {
	if s.DateFormat == "" {
		return
	}
	_, err := dates.Layouts(s.DateFormat)
	switch {
	case err != nil:
		p.Add(path+".date_format", "%v", err)
		s.DateFormat = ""
	case len(s.OrderBy) == 0:
		p.Add(path+".date_format", "needs order_by: the column of the dates")
	case len(s.OrderBy) > 1:
		p.Add(path+".date_format", "is for a column of dates; the columns of order_by hold their parts")
	}
}

// checkEvery holds the setting against the others.
func (s *Settings) checkEvery() error {
	_, _, sound := dates.ParseFrequency(s.Every)
	switch {
	case s.Every == "":
		return nil
	case s.Every != dates.AutoFrequency && !sound:
		_, err := (&table.TimeIndex{}).FrequencyFor(s.Every)
		return err
	case s.SequenceID != "" || !s.timed():
		return errors.New("is for windows of rows that follow one another; no input has a window, and the target is no series")
	case len(s.OrderBy) == 0:
		return errors.New("needs order_by: the column with the timestamps of the rows")
	}
	return nil
}

// horizon is how many steps the target of the settings has, 0 unless it is a series.
func (s *Settings) horizon() (most int) {
	for _, t := range s.Target {
		if series, ok := t.Type.(column.Forecaster); ok {
			most = max(most, series.StepsAhead())
		}
	}
	return most
}

// Forecasts reports whether the target of the settings is a series.
func (s *Settings) Forecasts() bool { return s.horizon() > 0 }

// checkHorizons reports different horizons, since a row has all its targets or none.
func (s *Settings) checkHorizons(path string, add func(path, form string, args ...any)) {
	first := 0
	for i, t := range s.Target {
		series, ok := t.Type.(column.Forecaster)
		switch {
		case !ok && s.horizon() > 0 && t.Type != nil:
			add(fmt.Sprintf("%s.target[%d]", path, i), "beside a series there can be only series")
		case ok && first == 0:
			first = series.StepsAhead()
		case ok && series.StepsAhead() != first:
			add(fmt.Sprintf("%s.target[%d].horizon", path, i), "is %d, and that of the first target %d; want the same", series.StepsAhead(), first)
		}
	}
}
