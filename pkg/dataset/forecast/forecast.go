package forecast

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/dates"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/stream"
	"dnn/pkg/dataset/table"
)

// Forecast goes on from the end of the data, horizon by horizon, with what was predicted as the history of what follows. Series
// that cannot be continued are left out.
type Forecast struct {
	h      *stream.History
	steps  int
	groups []*continued
	left   []error          // why series are left out
	usual  *dates.Frequency // of most rows; nil where nothing asked for it yet
	done   int              // steps that are predicted
}

// continued is the series of one group and what follows it.
type continued struct {
	name     string
	from, to int32       // the rows that the table has of it
	end      int32       // the first row to predict; rows of the table from there on hold what is known of the future
	values   [][]float64 // predictions, by target column
}

// Own goes on from the data that the settings name; paths are relative to dir.
func Own(s *dataset.Settings, schema *dataset.Schema, dir string, seed uint64, steps int) (*Forecast, error) {
	t, _, err := s.LastTable(schema, dir, seed)
	if err != nil {
		return nil, err
	}
	return fromTable(schema, t, steps)
}

// Forecast goes on from the rows of a stream, which has the columns of the training data.
func Open(s *dataset.Schema, r io.Reader, name string, o stream.Options, steps int) (*Forecast, error) {
	if s.Heads.Horizon() == 0 {
		return nil, errNoSeries
	}
	o.WithTarget, o.Ahead = false, stream.CalendarAhead(s, steps)
	st, err := stream.Open(s, r, name, o)
	if err != nil {
		return nil, err
	}
	for _, c := range s.LabelColumns.Sources() {
		if st.Held.Table.Column(c) == nil {
			return nil, fmt.Errorf("%s: %s", name, record.NoColumn(st.Held.Header, c))
		}
	}
	for _, row := range st.Held.Rows {
		if row.Err != nil {
			return nil, fmt.Errorf("%s: %w", name, row.Err)
		}
	}
	f, err := fromHistory(s, st.Held.History, steps)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

var errNoSeries = errors.New("this model does not forecast: its target is no series (target: {column: …, type: series})")

func fromTable(s *dataset.Schema, t *table.Table, steps int) (*Forecast, error) {
	if s.Heads.Horizon() == 0 {
		return nil, errNoSeries
	}
	h, err := stream.NewHistory(s, t, false, stream.CalendarAhead(s, steps))
	if err != nil {
		return nil, err
	}
	return fromHistory(s, h, steps)
}

// forecastFrom goes on with all series that have what their forecast needs. That none has it is an error.
func fromHistory(s *dataset.Schema, h *stream.History, steps int) (*Forecast, error) {
	if h.Table.Rows == 0 {
		return nil, errors.New("holds no rows")
	}
	for row := range int32(h.Table.Rows) {
		if b := h.Bad[row]; b != nil && !b.Gap {
			return nil, fmt.Errorf("%s: column %q: %s", h.Table.Place(row), b.Column, b.Text)
		}
	}
	f := &Forecast{h: h, steps: steps}
	line := h.Table.Time
	for g := range line.Groups {
		c := f.seriesOf(g)
		if err := f.check(c); err != nil {
			f.left = append(f.left, err)
			continue
		}
		f.groups = append(f.groups, c)
	}
	switch {
	case len(f.groups) > 0:
		return f, nil
	case len(f.left) == 1:
		return nil, f.left[0]
	}
	return nil, fmt.Errorf("%w; none of the %s can be continued", f.left[0], phrase.Count(len(f.left), "group"))
}

// seriesOf is the series of a group, up to its last row with a value.
func (f *Forecast) seriesOf(group int) *continued {
	line := f.h.Table.Time
	c := &continued{name: line.Groups[group], from: line.Starts[group], to: line.Starts[group+1], values: make([][]float64, len(f.h.Past.Values))}
	for c.end = c.to; c.end > c.from && !stream.Known(f.h.Past, c.end-1); {
		c.end--
	}
	return c
}

// Ahead lists the columns that must be given for the rows of the future to forecast so many steps.
func NeededAhead(s *dataset.Schema, steps int) (columns []string) {
	made := dates.CalendarNames(s.Order().Calendar)
	for _, need := range stream.FutureRows(s, steps) {
		if !slices.Contains(columns, need.Column) && !slices.Contains(made, need.Column) {
			columns = append(columns, need.Column)
		}
	}
	return columns
}

// check reports an incomplete history, and rows of the future that the inputs need and that are missing.
func (f *Forecast) check(c *continued) error {
	s := f.h.Schema
	of := ""
	if c.name != "" {
		of = " of " + phrase.Quote(c.name)
	}
	for i := range s.Inputs {
		in := &s.Inputs[i]
		if offset, _, ok := stream.Window(in); ok && int(c.end)+offset < int(c.from) {
			return fmt.Errorf("the window of %s takes %s%s, and there are %d", in.Name, phrase.Count(-offset, "row"), of, c.end-c.from)
		}
	}
	ahead := 0
	for row := c.end; row < c.to; row++ {
		if f.h.Table.Time.Origin[row] != table.Inserted {
			ahead++
		}
	}
	var lacking []string
	rows := 0
	for _, need := range stream.FutureRows(s, f.steps) {
		if need.Rows > f.knownAhead(c, need.Column) {
			if rows = max(rows, need.Rows); !slices.Contains(lacking, need.Column) {
				lacking = append(lacking, need.Column)
			}
		}
	}
	if len(lacking) > 0 {
		return fmt.Errorf("%s of the next %s%s %s needed; give them in rows after the last, with %s left empty (there are %s)", strings.Join(lacking, ", "),
			phrase.Count(rows, "row"), of, phrase.IsAre(len(lacking)), strings.Join(s.LabelColumns.Sources(), ", "), phrase.Count(ahead, "such row"))
	}
	return nil
}

// knownAhead is how many rows from the first that is predicted on have a value of a column.
func (f *Forecast) knownAhead(c *continued, column string) int {
	of := f.h.Table.Column(column)
	n := 0
	for row := c.end; row < c.to && of != nil && of.Field(row) != ""; row++ {
		n++
	}
	return n
}

// UnseenGroups are the series of a forecast that training never saw.
func (f *Forecast) UnseenGroups() (names []string) {
	list := stream.UnseenGroups(f.h.Schema, f.h.Table)
	for _, c := range f.groups {
		if list != nil && list[f.h.Table.Time.Group[c.from]] {
			names = append(names, c.name)
		}
	}
	return names
}
