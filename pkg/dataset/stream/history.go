package stream

import (
	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/table"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// History is a table whose rows follow one another, or make up rows of the dataset, with its series encoded.
type History struct {
	Schema  *dataset.Schema
	Table   *table.Table
	Cells   [][]uint32                // parallel to the inputs: the steps of all rows of the table; nil for inputs that are no series of rows
	Bad     map[int32]*table.RowError // rows of the table in which a step cannot be read
	Past    *dataset.Past             // nil unless the target is a series
	foreign []bool                    // by group: training never saw it, and no input shows that; nil if there is none
}

// NewHistory brings the rows of a table into order and encodes its series. The error is of the table as a whole.
// ahead is how many steps after the last row of each series need the calendar.
func NewHistory(s *dataset.Schema, t *table.Table, withTarget bool, ahead int) (*History, error) {
	var first error
	bad := func(_, format string, args ...any) {
		if first == nil {
			first = fmt.Errorf(format, args...)
		}
	}
	how := s.Order()
	if how.ID != "" {
		t.Collapse(&how, func(col string) bool { return s.Stepwise(col, withTarget) }, bad)
	} else if t.Time == nil {
		t.Arrange(&how, true, bad)
	}
	if first == nil && t.Time != nil {
		first = t.Extend(&how, ahead)
	}
	if first != nil {
		return nil, first
	}
	h := &History{Schema: s, Table: t, Bad: map[int32]*table.RowError{}, Past: s.PastOf(t)}
	if !slices.Contains(s.Columns(), how.Group) {
		h.foreign = UnseenGroups(s, t)
	}
	for i := range s.Inputs {
		e, ok := s.Inputs[i].Encoder.(column.RowSteps)
		if !ok || !e.Where().Rows() {
			h.Cells = append(h.Cells, nil)
			continue
		}
		for _, name := range s.Inputs[i].Columns { // one of the calendar is there only if there are dates
			if t := h.steps(); t.Column(name) == nil {
				return nil, errors.New(table.NoColumn(t.Header, name))
			}
		}
		h.Cells = append(h.Cells, h.encode(s.Inputs[i].StepEncoder, h.steps(), s.Inputs[i].Columns))
	}
	return h, nil
}

// steps is the table with a row for each step.
func (h *History) steps() *table.Table {
	if h.Table.Long != nil {
		return h.Table.Long.Steps
	}
	return h.Table
}

// encode encodes all rows as steps. Those that cannot be are noted.
func (h *History) encode(e column.SequenceEncoder, t *table.Table, names []string) []uint32 {
	var columns []*table.Column
	for _, name := range names {
		columns = append(columns, t.Column(name))
	}
	cells := make([]uint32, 0, t.Rows*e.StepCells())
	fields := make([]string, len(columns))
	for row := range int32(t.Rows) {
		for k, c := range columns {
			fields[k] = c.Field(row)
		}
		step, err := dataset.EncodeSteps(e, fields, cells)
		if err != nil {
			fe := dataset.AsFieldError(err)
			h.Bad[row] = &table.RowError{Line: int(t.Line(row)), Column: names[fe.Field], Text: fe.Text, Gap: fields[fe.Field] == ""}
			for k := range e.StepCells() { // the others may be sound, but the row is not used
				step = append(step[:int(row)*e.StepCells()+k], column.GapCell)
			}
		}
		cells = step[:int(row+1)*e.StepCells()]
	}
	return cells
}

// series appends the steps of an input of a row; ok is false when it is no series of rows.
func (h *History) series(input int, row int32, cells []uint32) (_ []uint32, ok bool, err *table.RowError) {
	if h.Cells[input] == nil {
		return cells, false, nil
	}
	e := h.Schema.Inputs[input].StepEncoder
	offset, steps, window := e.(column.RowSteps).Window()
	var from, to int32
	if !window {
		from, to = h.Table.Long.Range(row)
		if err := h.Schema.TooShort(input, int(to-from)); err != nil {
			return cells, true, &table.RowError{Text: err.Error()}
		}
	} else {
		from = row + int32(offset)
		to = from + int32(steps)
		if begin, end := h.Table.Time.Range(row); from < begin || to > end {
			return cells, true, &table.RowError{NoHistory: true, Text: fmt.Sprintf("its window of %s reaches beyond the rows", phrase.Count(steps, "row"))}
		}
	}
	for r := from; r < to; r++ {
		if b := h.Bad[r]; b != nil {
			return cells, true, &table.RowError{Column: b.Column, Text: fmt.Sprintf("line %d, which is in its window, cannot be used: %s", b.Line, b.Text)}
		}
	}
	w := int32(e.StepCells())
	return append(cells, h.Cells[input][from*w:to*w]...), true, nil
}

// ready reports whether a row has all rows before and after it that its inputs and its target need.
func (h *History) ready(row int32) bool {
	if h.Table.Long != nil {
		return true
	}
	begin, end := h.Table.Time.Range(row)
	if int(row)+max(1, h.Schema.Heads.Horizon()) > int(end) {
		return false
	}
	for i := range h.Schema.Inputs {
		if offset, _, ok := Window(&h.Schema.Inputs[i]); ok && int(row)+offset < int(begin) {
			return false
		}
	}
	return true
}

// held reads all rows of a stream into memory, to give each its history.
type held struct {
	*History
	Header []string
	Rows   []heldRow
	next   int
	at     int // the row that was given last
	left   int // rows that were left out
	whole  bool
}

type heldRow struct {
	fields []string
	line   int
	raw    string
	Err    *table.RowError
	row    int32 // in the table; -1 of a row that cannot be read
}

// hold reads a stream. With targets, rows without a whole history or horizon are left out.
func hold(s *dataset.Schema, rec table.RowReader, clean *table.Cleaner, withTarget bool, ahead int) (*held, error) {
	h := &held{Header: rec.Header(), whole: withTarget}
	t := &table.Table{Key: "path", Lines: []int32{}}
	needed := append(append(s.Columns(), s.LabelColumns.Sources()...), s.TimeColumns(false)...)
	how := s.Order()
	made := how.Made()
	asked := map[string]bool{}
	for _, name := range needed {
		asked[name] = true
	}
	kept := t.Keep(h.Header, func(name string) bool { return asked[name] })
	var cleaners []table.FieldCleaner
	cleaner := dataset.CleanersFor(s, clean)
	for _, c := range t.Columns {
		cleaners = append(cleaners, cleaner(c.Name))
	}
	t.Header = slices.DeleteFunc(slices.Clone(t.Header), func(name string) bool { return slices.Contains(made, name) })
	var sound []int // their places among all rows
	for {
		fields, line, err := rec.Next()
		var bad *table.RowError
		if err != nil && !errors.As(err, &bad) {
			if err == io.EOF {
				break
			}
			return nil, err
		}
		row := heldRow{fields: slices.Clone(fields), line: line, Err: bad, row: -1}
		if r, ok := rec.(interface{ Raw() string }); ok {
			row.raw = r.Raw()
		}
		if h.Rows = append(h.Rows, row); bad != nil {
			continue
		}
		sound = append(sound, len(h.Rows)-1)
		for i, at := range kept {
			t.Columns[i].Add(cleaners[i].CleanAt(rec, at, fields[at]))
		}
		t.Lines = append(t.Lines, int32(line))
		t.Rows++
	}
	for _, c := range t.Columns {
		c.Seal()
	}
	var err error
	if h.History, err = NewHistory(s, t, withTarget, ahead); err != nil {
		return nil, err
	}
	for row, origin := range h.steps().Time.Origin {
		if origin != table.Inserted {
			h.Rows[sound[origin]].row = int32(row)
		}
	}
	if long := t.Long; long != nil {
		h.Rows = h.firsts(long)
	}
	return h, nil
}

// firsts are the first rows of ids, and those that cannot be read.
func (h *held) firsts(long *table.LongTable) (rows []heldRow) {
	byRow := map[int32]heldRow{}
	for _, row := range h.Rows {
		if row.Err != nil {
			rows = append(rows, row)
		} else {
			byRow[row.row] = row
		}
	}
	for id, from := range long.From[:len(long.From)-1] {
		row := byRow[from]
		row.row = int32(id)
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b heldRow) int { return a.line - b.line })
	return rows
}

// records gives the rows once more, in the order of the file.
func (h *held) records(rec table.RowReader) table.RowReader {
	if _, ok := rec.(interface{ Raw() string }); ok {
		return &rawHeld{heldRecords{h}}
	}
	return &heldRecords{h}
}

type heldRecords struct{ h *held }

func (r *heldRecords) Header() []string { return r.h.Header }

func (r *heldRecords) Next() ([]string, int, error) {
	h := r.h
	for h.next < len(h.Rows) {
		h.at = h.next
		h.next++
		row := &h.Rows[h.at]
		if row.Err != nil {
			return row.fields, row.line, row.Err
		}
		if h.whole && (!h.ready(row.row) || h.unknown()) {
			h.left++
			continue
		}
		return row.fields, row.line, nil
	}
	return nil, 0, io.EOF
}

// rawHeld is heldRecords of rows that have a text of their own.
type rawHeld struct{ heldRecords }

func (r *rawHeld) Raw() string { return r.h.Rows[r.h.at].raw }

// cellsOf are those of an input's rows so far, nil where it is no sequence.
func (h *held) cellsOf(r *dataset.Ragged) []uint32 {
	if r == nil {
		return nil
	}
	return r.Cells
}

// target is the field of target k of the row that was given last.
func (h *held) target(k int) string {
	name, ahead := h.Schema.LabelColumns[k].Reads()
	row := h.Rows[h.at].row + int32(ahead)
	if c := h.Table.Column(name); c != nil && row >= 0 && row < int32(h.Table.Rows) {
		return c.Field(row)
	}
	return ""
}

// field is that of a column that was made, in the row that was given last.
func (h *held) field(col string) string {
	return h.Table.Column(col).Field(h.Rows[h.at].row)
}

// unknown reports whether a value that the row is to predict is a gap.
func (h *held) unknown() bool {
	for k := range h.Schema.LabelColumns {
		if h.Past != nil && h.target(k) == "" {
			return true
		}
	}
	return false
}

// own is what is wrong with the row itself that was given last, but for gaps: its values are not among its inputs.
func (h *held) own() *table.RowError {
	if h.Table.Long != nil {
		return nil
	}
	if b := h.Bad[h.Rows[h.at].row]; b != nil && !b.Gap {
		return &table.RowError{Column: b.Column, Text: b.Text}
	}
	return nil
}

// LeftOut is how many rows of a stream with targets have no whole history, or not all values to predict; they are left out.
func (st *Stream) LeftOut() int {
	if st.Held == nil {
		return 0
	}
	return st.Held.left
}

// Naive is Part.Naive of the rows of the last Next.
func (st *Stream) Naive(season int, dst []float64) {
	width := st.schema.Heads[0].Width
	if len(st.places) == 0 {
		return
	}
	for i, row := range st.places[st.from:st.to][:len(dst)/width] { // Drop may have left some out
		if row >= 0 && st.Held.Past != nil {
			st.Held.Past.Naive(row, season, dst[i*width:(i+1)*width])
		}
	}
}

// Known reports whether one of the target's columns has a value in a row.
func Known(p *dataset.Past, row int32) bool {
	return slices.ContainsFunc(p.Values, func(v []float64) bool { return !math.IsNaN(v[row]) })
}

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
	made := table.CalendarNames(s.Order().Calendar)
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
	if made := table.CalendarNames(s.Order().Calendar); horizon > 0 && len(made) > 0 {
		for _, need := range FutureRows(s, horizon) {
			if need.Rows > 1 && !slices.Contains(made, need.Column) {
				return 0
			}
			rows = max(rows, need.Rows-1)
		}
	}
	return rows
}

// Window is the rows that make up an input of a row, counted from it; ok is false where it has no window.
func Window(in *dataset.Input) (offset, steps int, ok bool) {
	if e, is := in.Encoder.(column.RowSteps); is {
		return e.Window()
	}
	return 0, 0, false
}
