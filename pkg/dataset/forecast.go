package dataset

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// Forecast goes on from the end of the data, horizon by horizon, with what was predicted as the history of what follows.
type Forecast struct {
	h      *history
	steps  int
	groups []*continued
	done   int // steps that are predicted
}

// continued is the series of one group and what follows it.
type continued struct {
	name     string
	from, to int32       // the rows that the table has of it
	end      int32       // the first row that is to be predicted; rows of the table from there on tell what is known of the future
	values   [][]float64 // predictions, by target column
}

// OwnForecast goes on from the data that the settings name; paths are relative to dir.
func OwnForecast(s *Settings, schema *Schema, dir string, seed uint64, steps int) (*Forecast, error) {
	t, _, err := s.ownTable(dir, seed)
	if err != nil {
		return nil, err
	}
	return schema.forecast(t, steps)
}

// Forecast goes on from the rows of a stream, which has the columns of the training data.
func (s *Schema) Forecast(r io.Reader, name string, o StreamOptions, steps int) (*Forecast, error) {
	if s.Target.Horizon() == 0 {
		return nil, errNoSeries
	}
	o.WithTarget = false
	st, err := s.Open(r, name, o)
	if err != nil {
		return nil, err
	}
	for _, c := range s.Target.sources() {
		if st.held.table.column(c) == nil {
			return nil, fmt.Errorf("%s: %s", name, noColumn(st.held.header, c))
		}
	}
	for _, row := range st.held.rows {
		if row.err != nil {
			return nil, fmt.Errorf("%s: %w", name, row.err)
		}
	}
	f, err := s.forecastFrom(st.held.history, steps)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

var errNoSeries = fmt.Errorf("this model does not forecast: its target is no series (target: {column: …, type: series})")

func (s *Schema) forecast(t *Table, steps int) (*Forecast, error) {
	if s.Target.Horizon() == 0 {
		return nil, errNoSeries
	}
	h, err := s.newHistory(t, false)
	if err != nil {
		return nil, err
	}
	return s.forecastFrom(h, steps)
}

func (s *Schema) forecastFrom(h *history, steps int) (*Forecast, error) {
	for row := range int32(h.table.Rows) {
		if b := h.bad[row]; b != nil && !b.gap {
			return nil, fmt.Errorf("%s: column %q: %s", h.table.place(row), b.Column, b.Text)
		}
	}
	f := &Forecast{h: h, steps: steps}
	line := h.table.time
	for g, name := range line.groups {
		c := &continued{name: name, from: line.starts[g], to: line.starts[g+1], values: make([][]float64, len(h.past.values))}
		for c.end = c.to; c.end > c.from && !h.past.known(c.end-1); {
			c.end--
		}
		if err := f.check(c); err != nil {
			return nil, err
		}
		f.groups = append(f.groups, c)
	}
	return f, nil
}

// known reports whether one of the target's columns has a value in a row.
func (p *past) known(row int32) bool {
	return slices.ContainsFunc(p.values, func(v []float64) bool { return !math.IsNaN(v[row]) })
}

// check wants a whole history, and the rows of the future that the inputs take from it.
func (f *Forecast) check(c *continued) error {
	s, horizon := f.h.schema, f.h.past.ahead
	last := (f.steps + horizon - 1) / horizon * horizon // the steps that are predicted, whole horizons
	of := ""
	if c.name != "" {
		of = " of " + quote(c.name)
	}
	ahead := int(c.to - c.end)
	var lacking []string
	rows := 0
	need := func(columns []string, n int) {
		for _, name := range columns {
			if slices.Contains(s.Target.sources(), name) && n <= last-horizon {
				continue // its own predictions
			}
			if n > f.knownAhead(c, name) {
				if rows = max(rows, n); !slices.Contains(lacking, name) {
					lacking = append(lacking, name)
				}
			}
		}
	}
	for i := range s.Inputs {
		in := &s.Inputs[i]
		e, series := in.Encoder.(*SeriesEncoder)
		if !series {
			need(in.Columns, last-horizon+1)
			continue
		}
		if back := -e.Offset; int(c.end)-back < int(c.from) {
			return fmt.Errorf("the window of %s takes %s%s, and there are %d", in.Name, counted(back, "row"), of, c.end-c.from)
		}
		need(in.Columns, max(0, last-horizon+e.Offset+e.Steps))
	}
	if len(lacking) > 0 {
		return fmt.Errorf("%s of the next %s%s %s needed; give them in rows after the last, with %s left empty (there are %s)", strings.Join(lacking, ", "),
			counted(rows, "row"), of, isAre(len(lacking)), strings.Join(s.Target.sources(), ", "), counted(ahead, "such row"))
	}
	return nil
}

// knownAhead is how many rows from the first that is predicted on have a value of a column.
func (f *Forecast) knownAhead(c *continued, column string) int {
	of := f.h.table.column(column)
	n := 0
	for row := c.end; row < c.to && of != nil && of.field(row) != ""; row++ {
		n++
	}
	return n
}

// Len is the number of series.
func (f *Forecast) Len() int { return len(f.groups) }

// Done reports whether all steps are predicted.
func (f *Forecast) Done() bool { return f.done >= f.steps }

// Fill makes the rows of a batch from which the next horizon of the series from, from+1, … is predicted, at most n, and
// returns how many those are.
func (f *Forecast) Fill(b *Batch, from, n int) (int, error) {
	s := f.h.schema
	n = max(0, min(n, len(f.groups)-from))
	b.Rows = n
	s.clear(b, 0, n)
	enc := s.rowEncoder(false)
	row := make([]uint32, s.cells)
	fields := make([]string, s.maxFields)
	for i, c := range f.groups[from : from+n] {
		at := c.end + int32(f.done)
		clear(row)
		for k := range s.Inputs {
			in := &s.Inputs[k]
			if in.fields == nil {
				continue
			}
			for j, name := range in.Columns {
				fields[j] = f.h.table.column(name).field(at)
			}
			if e := enc.input(k, fields[:len(in.Columns)], row); e != nil {
				return 0, fmt.Errorf("%s: column %q: %s", f.h.table.place(at), in.Columns[e.field], e.text)
			}
		}
		s.expandRow(row, b, i, true)
		for k := range s.Inputs {
			e, ok := s.Inputs[k].Encoder.(*SeriesEncoder)
			if !ok {
				continue
			}
			cells, err := f.window(c, k, e, at)
			if err != nil {
				return 0, err
			}
			s.expandSteps(k, cells, b, i)
		}
	}
	return n, nil
}

// window makes the window of an input at a row, of what is known and what was predicted.
func (f *Forecast) window(c *continued, input int, e *SeriesEncoder, at int32) (cells []uint32, err error) {
	width := int32(len(e.Channels))
	columns := f.h.schema.Inputs[input].Columns
	for row := at + int32(e.Offset); row < at+int32(e.Offset+e.Steps); row++ {
		for k := range width {
			cell := gapCell
			if row < c.to {
				cell = f.h.cells[input][row*width+k]
			}
			if target := slices.Index(f.h.schema.Target.sources(), columns[k]); row >= c.end && target >= 0 {
				step := int(row - c.end)
				if step >= len(c.values[target]) {
					return nil, fmt.Errorf("the window of %s holds a value that is not predicted yet", columns[k])
				}
				if cell, err = e.cell(int(k), c.values[target][step]); err != nil {
					return nil, fmt.Errorf("step %d of %s: %w", step+1, columns[k], err)
				}
			}
			cells = append(cells, cell)
		}
	}
	return cells, nil
}

// Take takes the predictions for the series from, from+1, … in the targets' own unit, Target.Width numbers each.
func (f *Forecast) Take(from int, own []float64) {
	width, horizon := f.h.schema.Target.Width, f.h.past.ahead
	for i := range len(own) / width {
		c := f.groups[from+i]
		for k := range c.values {
			c.values[k] = append(c.values[k], own[i*width+k*horizon:i*width+(k+1)*horizon]...)
		}
	}
}

// Next goes on to the next horizon, when all series have their predictions.
func (f *Forecast) Next() { f.done += f.h.past.ahead }

// Group names a series, "" where there is only one; GroupColumn is the column that tells them apart.
func (f *Forecast) Group(i int) string  { return f.groups[i].name }
func (f *Forecast) GroupColumn() string { return f.h.schema.timing().Group }

// Columns are the columns that are predicted.
func (f *Forecast) Columns() []string { return f.h.schema.Target.sources() }

// Values are the predictions of a column of a series, one for each step.
func (f *Forecast) Values(group, column int) []float64 {
	v := f.groups[group].values[column]
	return v[:min(f.steps, len(v))]
}

// Past are the last known values of a column of a series, at most so many; gaps are NaN.
func (f *Forecast) Past(group, column, most int) []float64 {
	c := f.groups[group]
	return f.h.past.values[column][max(c.from, c.end-int32(most)):c.end]
}

// TimeColumn is the column that the rows are ordered by; "" where there is none.
func (f *Forecast) TimeColumn() string { return f.h.table.time.column }

// Times writes when the steps of a series are: as the data says, or as its rows follow one another when they do so evenly;
// nil otherwise.
func (f *Forecast) Times(group int) (times []string) {
	c, line := f.groups[group], f.h.table.time
	column := f.h.table.column(line.column)
	if line.at == nil || column == nil || c.end == c.from {
		return nil
	}
	p, even := line.clock.paceOf(line.at[c.from:c.end])
	if !even && zoned(line.clock.layout) { // days and months follow one another by the clock on the wall
		p, even = line.clock.paceOf(line.clock.local(column, c.from, c.end))
	}
	for step := range f.steps {
		switch row := c.end + int32(step); {
		case row < c.to:
			times = append(times, column.field(row))
		case even:
			times = append(times, line.clock.after(line.at[c.end-1], column.field(c.end-1), p, step+1))
		default:
			return nil
		}
	}
	return times
}

// PastTimes are the times of what Past returns.
func (f *Forecast) PastTimes(group, most int) (times []string) {
	c, column := f.groups[group], f.h.table.column(f.h.table.time.column)
	for row := max(c.from, c.end-int32(most)); column != nil && row < c.end; row++ {
		times = append(times, column.field(row))
	}
	return times
}
