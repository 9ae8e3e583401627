package dataset

import (
	"errors"
	"fmt"
	"math"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/table"
)

// SeriesEncoder is a fitted Series. A cell holds the float32 of a number on its scale, or NaN for a gap that its
// neighbours fill.
type SeriesEncoder struct {
	Form      string          `json:"form"`                // "columns", "list", "window" or "steps": where the numbers lie
	Steps     int             `json:"steps"`               // the most that a row can have
	Longest   int             `json:"longest,omitempty"`   // that a row of the training part has, where that is less
	Unlimited bool            `json:"unlimited,omitempty"` // Steps are those of the training part alone
	Even      bool            `json:"even,omitempty"`      // every row has so many
	Offset    int             `json:"offset,omitempty"`    // of a window's first row from its row
	Missing   string          `json:"missing"`
	Channels  []seriesChannel `json:"channels"`
	Files     *SeriesFiles    `json:"files,omitempty"` // how the files are read that a field names; nil where it holds the numbers
}

type seriesChannel struct {
	Fill    *float64 `json:"fill,omitempty"`  // stands for a gap
	Level   string   `json:"level,omitempty"` // "last" or "mean": what a window loses
	Scaling Scaling  `json:"scaling"`
}

func (e *SeriesEncoder) layout() layout {
	return layout{shape: []int{e.Steps, len(e.Channels)}, own: true, sequence: !e.Even || e.Unlimited}
}

func (e *SeriesEncoder) stepCells() int  { return len(e.Channels) }
func (e *SeriesEncoder) unlimited() bool { return e.Unlimited }
func (e *SeriesEncoder) longest() int    { return e.Longest }

// gapCell is the cell of a gap that its neighbours fill.
var gapCell = math.Float32bits(float32(math.NaN()))

// cell encodes a number of a channel, NaN for a gap.
func (e *SeriesEncoder) cell(channel int, x float64) (uint32, error) {
	c := &e.Channels[channel]
	if x != x {
		switch {
		case e.Missing == "error":
			return 0, fmt.Errorf("is missing")
		case c.Fill == nil:
			return gapCell, nil
		}
		x = *c.Fill
	}
	y, err := c.Scaling.apply(x)
	return math.Float32bits(y), err
}

// field encodes a field of a channel.
func (e *SeriesEncoder) field(channel int, field string) (uint32, error) {
	if field == "" {
		return e.cell(channel, math.NaN())
	}
	x, ok := table.ParseNumber(field)
	if !ok {
		return 0, errors.New(table.NotNumber(field))
	}
	return e.cell(channel, x)
}

// encodeSteps appends all steps of a series across columns or in a field; of the other forms the step that the fields of a
// row are.
func (e *SeriesEncoder) encodeSteps(fields []string, cells []uint32) ([]uint32, error) {
	switch e.Form {
	case "list":
		return e.encodeList(fields[0], cells)
	case "columns":
		return e.encodeColumns(fields, cells)
	}
	for k, field := range fields {
		c, err := e.field(k, field)
		if err != nil {
			return cells, &fieldError{k, err.Error()}
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
		return cells, &fieldError{0, "is missing, and so are all columns of the series"}
	case e.Even && length < e.Steps:
		return cells, &fieldError{length, fmt.Sprintf("is missing: the series ends after step %d of %d, and those that the net was trained on were whole; only nets that were trained on some that end early take others", length, e.Steps)}
	}
	for step := range length {
		for k := range e.Channels {
			at := k*e.Steps + step
			c, err := e.field(k, fields[at])
			if err != nil {
				return cells, &fieldError{at, err.Error()}
			}
			cells = append(cells, c)
		}
	}
	return cells, nil
}

func (e *SeriesEncoder) encodeList(field string, cells []uint32) ([]uint32, error) {
	if field == "" {
		return cells, &fieldError{0, "is missing"}
	}
	list, width, err := parseSeries(field)
	if err != nil {
		return cells, &fieldError{0, err.Error()}
	}
	if n := len(e.Channels); width != n && len(list) > 0 {
		return cells, &fieldError{0, fmt.Sprintf("has %s a step, and the first of the training part has %d", phrase.Count(width, "number"), n)}
	}
	for i, x := range list {
		c, err := e.cell(i%width, x)
		if err != nil {
			return cells, &fieldError{0, fmt.Sprintf("step %d: %v", i/width+1, err)}
		}
		cells = append(cells, c)
	}
	return cells, nil
}

// expandSteps writes steps as they are and fills their gaps.
func (e *SeriesEncoder) expandSteps(cells []uint32, floats []float32, _ []int32) {
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
		e.fillGaps(floats[:len(cells)], k)
	}
}

// fillGaps fills the gaps of a channel from their neighbours; a channel without any number stays zero.
func (e *SeriesEncoder) fillGaps(floats []float32, channel int) {
	width := len(e.Channels)
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
			case e.Missing == "previous":
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

// read returns the fields that make up the series of a row, step by step where they stand in several rows.
func (e *SeriesEncoder) read(t *table.Table, columns []string, row int32) (fields []string) {
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
		fields = append(fields, fieldsOf(t, columns, r)...)
	}
	return fields
}

// spans are the numbers of an input of series one by one: those of a series across columns are called like these, those of a
// window value[-3] and so on by the row that they stand in, counted from the row that is predicted, and others by their step.
func (e *SeriesEncoder) spans(in *Input) (list []Span) {
	width := len(e.Channels)
	for at := range e.Steps * width {
		step, channel := at/width, at%width
		name := in.Name
		switch {
		case e.Form == "columns":
			name = in.Columns[channel*e.Steps+step]
		case e.Files != nil:
			name = fmt.Sprintf("%s[%d]", e.Files.Columns[channel], step+1)
		case e.Form == "list" && width > 1:
			name = fmt.Sprintf("%s[%d][%d]", in.Columns[0], step+1, channel+1)
		case e.Form == "list":
			name = fmt.Sprintf("%s[%d]", in.Columns[0], step+1)
		case e.Form == "steps":
			name = fmt.Sprintf("%s[%d]", in.Columns[channel], step+1)
		default:
			name = fmt.Sprintf("%s[%+d]", in.Columns[channel], step+e.Offset)
		}
		list = append(list, Span{name, at, at + 1})
	}
	return list
}

// rowwise reports whether a series is made of several rows.
func (e *SeriesEncoder) rowwise() bool { return e.Form == "window" || e.Form == "steps" }

// channelName is what a channel is called: its column where it has one of its own, else the input, with a number where
// there are several.
func (e *SeriesEncoder) channelName(in *Input, k int) string {
	switch {
	case (e.Form == "window" || e.Form == "steps") && k < len(in.Columns):
		return in.Columns[k]
	case len(e.Channels) > 1:
		return in.Name + "[" + phrase.Thousands(k+1) + "]"
	}
	return in.Name
}

// A cutter is a sequenceEncoder that leaves out the cells of steps beyond a limit.
type cutter interface {
	// uncut is how many steps a row has before it is cut, and from which on they have cells.
	uncut(fields []string) (steps, from int)
}
