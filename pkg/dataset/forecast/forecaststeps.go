package forecast

import (
	"fmt"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/stream"
)

// How a Forecast takes its steps, and what comes out.

// Len is the number of series.
func (f *Forecast) Len() int { return len(f.groups) }

// LeftOut says why each of the series is left out that cannot be continued.
func (f *Forecast) LeftOut() []error { return f.left }

// Done reports whether all steps are predicted.
func (f *Forecast) Done() bool { return f.done >= f.steps }

// Fill makes the rows of a batch from which the next horizon of the series from, from+1, … is predicted, at most n, and
// returns how many those are.
func (f *Forecast) Fill(b *dataset.Batch, from, n int) (int, error) {
	s := f.h.Schema
	n = max(0, min(n, len(f.groups)-from))
	b.Rows = n
	b.Clear(0, n)
	enc := s.NewRowEncoder(false)
	row := make([]uint32, s.CellCount)
	fields := make([]string, s.MaxFields)
	for i, c := range f.groups[from : from+n] {
		at := c.end + int32(f.done)
		clear(row)
		for k := range s.Inputs {
			in := &s.Inputs[k]
			if in.FieldEncoder == nil {
				continue
			}
			for j, name := range in.Columns {
				fields[j] = f.h.Table.Column(name).Field(at)
			}
			if e := enc.Input(k, fields[:len(in.Columns)], row); e != nil {
				return 0, fmt.Errorf("%s: column %q: %s", f.h.Table.Place(at), in.Columns[e.Field], e.Text)
			}
		}
		b.ExpandRow(row, i, true)
		for k := range s.Inputs {
			if _, _, ok := stream.Window(&s.Inputs[k]); !ok {
				continue
			}
			cells, err := f.window(c, k, at)
			if err != nil {
				return 0, err
			}
			b.ExpandSteps(k, cells, i)
		}
	}
	return n, nil
}

// window makes the window of an input at a row, of what is known and what was predicted.
func (f *Forecast) window(c *continued, input int, at int32) (cells []uint32, err error) {
	in := &f.h.Schema.Inputs[input]
	e, columns, width := in.Encoder.(column.Channeled), in.Columns, int32(in.StepEncoder.StepCells())
	offset, steps, _ := stream.Window(in)
	for row := at + int32(offset); row < at+int32(offset+steps); row++ {
		for k := range width {
			cell := column.GapCell
			if row < c.to {
				cell = f.h.Cells[input][row*width+k]
			}
			if target := slices.Index(f.h.Schema.LabelColumns.Sources(), columns[k]); row >= c.end && target >= 0 {
				step := int(row - c.end)
				if step >= len(c.values[target]) {
					return nil, fmt.Errorf("the window of %s holds a value that is not predicted yet", columns[k])
				}
				if cell, err = e.Cell(int(k), c.values[target][step]); err != nil {
					return nil, fmt.Errorf("step %d of %s: %w", step+1, columns[k], err)
				}
			}
			cells = append(cells, cell)
		}
	}
	return cells, nil
}

// Take takes the predictions for the series from, from+1, … in the unit of the target, a number for each column.
func (f *Forecast) Take(from int, own []float64) {
	width, horizon := f.h.Schema.Heads[0].Width, f.h.Past.Ahead
	for i := range len(own) / width {
		c := f.groups[from+i]
		for k := range c.values {
			c.values[k] = append(c.values[k], own[i*width+k*horizon:i*width+(k+1)*horizon]...)
		}
	}
}

// Next goes on to the next horizon, when all series have their predictions.
func (f *Forecast) Next() { f.done += f.h.Past.Ahead }

// Group names a series, "" where there is only one; GroupColumn is the column that separates them.
func (f *Forecast) Group(i int) string { return f.groups[i].name }

// GroupColumn is the column that separates series.
func (f *Forecast) GroupColumn() string { return f.h.Schema.Order().Group }

// Columns are the columns that are predicted.
func (f *Forecast) Columns() []string { return f.h.Schema.LabelColumns.Sources() }

// Values are the predictions of a column of a series, one for each step.
func (f *Forecast) Values(group, col int) []float64 {
	v := f.groups[group].values[col]
	return v[:min(f.steps, len(v))]
}

// Past are the last known values of a column of a series, at most so many; gaps are NaN.
func (f *Forecast) Past(group, col, most int) []float64 {
	c := f.groups[group]
	return f.h.Past.Values[col][max(c.from, c.end-int32(most)):c.end]
}

// TimeColumn is the column that the rows are ordered by; "" where there is none.
func (f *Forecast) TimeColumn() string { return f.h.Table.Time.Column }

// Times writes when the steps of a series are: as the data says, or as its rows follow one another when they do so evenly, but
// for a few that are missing; nil otherwise.
func (f *Forecast) Times(group int) (times []string) {
	c, line := f.groups[group], f.h.Table.Time
	col := f.h.Table.Column(line.Column)
	if line.At == nil || col == nil || c.end == c.from {
		return nil
	}
	p, even := line.Format.FrequencyOf(line.At[c.from:c.end])
	if !even {
		if f.usual == nil {
			usual := line.Frequency()
			f.usual = &usual
		}
		p, even = *f.usual, line.Format.Regular(line.At[c.from:c.end], *f.usual)
	}
	for step := range f.steps {
		switch row := c.end + int32(step); {
		case row < c.to:
			times = append(times, col.Field(row))
		case even:
			times = append(times, line.Format.After(line.At[c.end-1], col.Field(c.end-1), p, step+1))
		default:
			return nil
		}
	}
	return times
}

// PastTimes are the times of what Past returns.
func (f *Forecast) PastTimes(group, most int) (times []string) {
	c, col := f.groups[group], f.h.Table.Column(f.h.Table.Time.Column)
	for row := max(c.from, c.end-int32(most)); col != nil && row < c.end; row++ {
		times = append(times, col.Field(row))
	}
	return times
}
