package column

import (
	"errors"
	"fmt"
	"math"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/table"
)

// SeriesEncoder is a fitted Series. A cell holds the float32 of a scaled number, or NaN for a gap that its neighbours
// fill.
type SeriesEncoder struct {
	Form      string          `json:"form"`                // "columns", "list", "window" or "steps": where the numbers are
	Steps     int             `json:"steps"`               // most steps of a row
	Longest   int             `json:"longest,omitempty"`   // most steps of a row of the training split, if fewer
	Unlimited bool            `json:"unlimited,omitempty"` // Steps are those of the training split alone
	Even      bool            `json:"even,omitempty"`      // every row has that many
	Offset    int             `json:"offset,omitempty"`    // of a window's first row from its row
	Missing   string          `json:"missing"`
	Channels  []SeriesChannel `json:"channels"`
	Files     *SeriesFiles    `json:"files,omitempty"` // how the files named in fields are read; nil if fields hold the numbers
}

type SeriesChannel struct {
	Fill    *float64 `json:"fill,omitempty"`  // the value for a gap
	Level   string   `json:"level,omitempty"` // "last" or "mean": the offset of a window
	Scaling Scaling  `json:"scaling"`
}

func (e *SeriesEncoder) Layout() layout {
	return layout{Shape: []int{e.Steps, len(e.Channels)}, Own: true, Sequence: !e.Even || e.Unlimited}
}

func (e *SeriesEncoder) StepCells() int    { return len(e.Channels) }
func (e *SeriesEncoder) Limitless() bool   { return e.Unlimited }
func (e *SeriesEncoder) LongestSteps() int { return e.Longest }

// GapCell is the cell of a gap that its neighbours fill.
var GapCell = math.Float32bits(float32(math.NaN()))

// Cell encodes a number of a channel, NaN for a gap.
func (e *SeriesEncoder) Cell(channel int, x float64) (uint32, error) {
	c := &e.Channels[channel]
	if x != x {
		switch {
		case e.Missing == "error":
			return 0, fmt.Errorf("is missing")
		case c.Fill == nil:
			return GapCell, nil
		}
		x = *c.Fill
	}
	y, err := c.Scaling.Apply(x)
	return math.Float32bits(y), err
}

// field encodes a field of a channel.
func (e *SeriesEncoder) field(channel int, field string) (uint32, error) {
	if field == "" {
		return e.Cell(channel, math.NaN())
	}
	x, ok := numeral.Parse(field)
	if !ok {
		return 0, errors.New(numeral.NotNumber(field))
	}
	return e.Cell(channel, x)
}

// EncodeSteps appends all steps of a series across columns or in a field; for the other forms, the step that the fields
// of a row are.
func (e *SeriesEncoder) EncodeSteps(fields []string, cells []uint32) ([]uint32, error) {
	switch e.Form {
	case "list":
		return encodeList(e, fields[0], cells)
	case "columns":
		return e.encodeColumns(fields, cells)
	}
	for k, field := range fields {
		c, err := e.field(k, field)
		if err != nil {
			return cells, Wrong(k, err.Error())
		}
		cells = append(cells, c)
	}
	return cells, nil
}

func (e *SeriesEncoder) encodeColumns(fields []string, cells []uint32) ([]uint32, error) {
	length := 0
	for i, field := range fields {
		if field != "" {
			length = max(length, i%e.Steps+1)
		}
	}
	switch {
	case length == 0:
		return cells, Wrong(0, "is missing, and so are all columns of the series")
	case e.Even && length < e.Steps:
		return cells, Wrong(length, fmt.Sprintf("is missing: the series ends after step %d of %d; a net takes short series only if it was trained on some", length, e.Steps))
	}
	for step := range length {
		for k := range e.Channels {
			at := k*e.Steps + step
			c, err := e.field(k, fields[at])
			if err != nil {
				return cells, Wrong(at, err.Error())
			}
			cells = append(cells, c)
		}
	}
	return cells, nil
}

func encodeList(e *SeriesEncoder, field string, cells []uint32) ([]uint32, error) {
	if field == "" {
		return cells, Wrong(0, "is missing")
	}
	list, width, err := parseSeries(field)
	if err != nil {
		return cells, Wrong(0, err.Error())
	}
	if n := len(e.Channels); width != n && len(list) > 0 {
		return cells, Wrong(0, fmt.Sprintf("has %s per step, but the first of the training split has %d", phrase.Count(width, "number"), n))
	}
	for i, x := range list {
		c, err := e.Cell(i%width, x)
		if err != nil {
			return cells, Wrong(0, fmt.Sprintf("step %d: %v", i/width+1, err))
		}
		cells = append(cells, c)
	}
	return cells, nil
}

// ExpandSteps writes steps as they are and fills their gaps.
func (e *SeriesEncoder) ExpandSteps(cells []uint32, floats []float32, _ []int32) {
	gaps := false
	for i, c := range cells {
		v := math.Float32frombits(c)
		gaps = gaps || v != v
		floats[i] = v
	}
	if !gaps {
		return
	}
	for k := range e.Channels {
		fillGaps(floats[:len(cells)], len(e.Channels), k, e.Missing)
	}
}

// fillGaps fills the gaps of a channel from their neighbours; a channel without numbers stays zero.
func fillGaps(floats []float32, width, channel int, missing string) {
	last, steps := -1, len(floats)/width
	at := func(step int) *float32 { return &floats[step*width+channel] }
	for step := range steps {
		v := *at(step)
		if v != v {
			continue
		}
		for gap := last + 1; gap < step; gap++ {
			switch {
			case last < 0:
				*at(gap) = v
			case missing == "previous":
				*at(gap) = *at(last)
			default:
				from := float64(*at(last))
				share := float64(gap-last) / float64(step-last)
				*at(gap) = float32(math.FMA(share, float64(v)-from, from))
			}
		}
		last = step
	}
	for gap := last + 1; gap < steps; gap++ {
		if *at(gap) = 0; last >= 0 {
			*at(gap) = *at(last)
		}
	}
}

// Fields returns the fields of the series of a row, step by step if they are in several rows.
func (e *SeriesEncoder) Fields(t *table.Table, columns []string, row int32) (fields []string) {
	from, to := row, row+1
	switch e.Form {
	case "window":
		from = row + int32(e.Offset)
		to = from + int32(e.Steps)
	case "steps":
		from, to = t.Long.Range(row)
		t = t.Long.Steps
	}
	for r := from; r < to; r++ {
		for _, name := range columns {
			if c := t.Column(name); c != nil && c.IsText() {
				fields = append(fields, c.Field(r))
			}
		}
	}
	return fields
}

// Spans are the numbers of an input of series one by one: those of a series across columns have the names of the
// columns; those of a window are named value[-3] and so on by their row, counted from the row to predict; others by
// their step.
func (e *SeriesEncoder) Spans(name string, columns []string) (list []Span) {
	for at, step := range e.StepNames(name, columns, e.Steps) {
		list = append(list, Span{step, at, at + 1})
	}
	return list
}

// StepNames are the names of that many numbers.
func (e *SeriesEncoder) StepNames(name string, columns []string, steps int) (list []string) {
	width := len(e.Channels)
	if e.Form == "columns" { // whose names give their number
		steps = e.Steps
	}
	for at := range steps * width {
		step, channel := at/width, at%width
		name := name
		switch {
		case e.Form == "columns":
			name = columns[channel*e.Steps+step]
		case e.Files != nil:
			name = fmt.Sprintf("%s[%d]", e.Files.Columns[channel], step+1)
		case e.Form == "list" && width > 1:
			name = fmt.Sprintf("%s[%d][%d]", columns[0], step+1, channel+1)
		case e.Form == "list":
			name = fmt.Sprintf("%s[%d]", columns[0], step+1)
		case e.Form == "steps":
			name = fmt.Sprintf("%s[%d]", columns[channel], step+1)
		default:
			name = fmt.Sprintf("%s[%+d]", columns[channel], step+e.Offset)
		}
		list = append(list, name)
	}
	return list
}

// ChannelName is the name of a channel: its column if it has its own, otherwise the input, with a number if there are
// several.
func (e *SeriesEncoder) ChannelName(name string, columns []string, k int) string {
	switch {
	case e.Where().Rows() && k < len(columns):
		return columns[k]
	case len(e.Channels) > 1:
		return name + "[" + phrase.Thousands(k+1) + "]"
	}
	return name
}

// A Cutter is a SequenceEncoder that leaves out the cells of steps beyond a limit.
type Cutter interface {
	// Uncut is how many steps a row has before it is cut, and from which step on they have cells.
	Uncut(fields []string) (steps, from int)
}

// Window is the rows that make up the input of a row, counted from it.
func (e *SeriesEncoder) Window() (offset, steps int, ok bool) {
	return e.Offset, e.Steps, e.Form == "window"
}

// Uneven returns an encoder whose rows have lengths.
func (e *SeriesEncoder) Uneven() Encoder {
	other := *e
	other.Even = false
	return &other
}

// ChannelScale is the scale of a channel.
func (e *SeriesEncoder) ChannelScale(channel int) *Scaling { return &e.Channels[channel].Scaling }

// Recentre sets how a channel of a window is shifted.
func (e *SeriesEncoder) Recentre(channel int, how string) { e.Channels[channel].Level = how }

// ReadFrom says how the files named in fields are read; nil if fields hold the numbers.
func (e *SeriesEncoder) ReadFrom() *SeriesFiles { return e.Files }

// Where says where the steps are.
func (e *SeriesEncoder) Where() Where {
	return map[string]Where{"columns": InColumns, "list": InField, "window": InWindow, "steps": InID}[e.Form]
}

// Bounds returns the most steps of a row, and whether every row has that many.
func (e *SeriesEncoder) Bounds() (most int, even bool) { return e.Steps, e.Even }

// Recentring is how a channel is shifted; "" for not at all.
func (e *SeriesEncoder) Recentring(channel int) string { return e.Channels[channel].Level }
