package stream

import (
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/dates"
)

// ahead lists what a forecast of so many steps takes from the rows of the future: of each column how many.
func FutureRows(s *dataset.Schema, steps int) (list []future) {
	horizon := s.Heads.Horizon()
	last := (steps + horizon - 1) / horizon * horizon // the steps that are predicted, whole horizons
	for i := range s.Inputs {
		in := &s.Inputs[i]
		rows := last - horizon + 1
		if offset, steps, ok := Window(in); ok {
			rows = max(0, last-horizon+offset+steps)
		}
		for _, name := range in.Columns {
			own := slices.Contains(s.LabelColumns.Sources(), name) && rows <= last-horizon // its own predictions
			if rows > 0 && !own {
				list = append(list, future{name, rows})
			}
		}
	}
	return list
}

// future is how many rows after the last have to have a value of a column.
type future struct {
	Column string
	Rows   int
}

// CalendarAhead is how many rows after the last a forecast of so many steps takes from the calendar.
func CalendarAhead(s *dataset.Schema, steps int) (rows int) {
	made := dates.CalendarNames(s.Order().Calendar)
	for _, need := range FutureRows(s, steps) {
		if slices.Contains(made, need.Column) {
			rows = max(rows, need.Rows)
		}
	}
	return rows
}

// beyond is how many rows after the last the rows of a file take from the calendar, if from nothing else.
func beyond(s *dataset.Schema) (rows int) {
	horizon := s.Heads.Horizon()
	if made := dates.CalendarNames(s.Order().Calendar); horizon > 0 && len(made) > 0 {
		for _, need := range FutureRows(s, horizon) {
			if need.Rows > 1 && !slices.Contains(made, need.Column) {
				return 0
			}
			rows = max(rows, need.Rows-1)
		}
	}
	return rows
}
