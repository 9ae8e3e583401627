package stream

import (
	"errors"
	"io"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
)

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
	Err    *record.RowError
	row    int32 // in the table; -1 of a row that cannot be read
}

// hold reads a stream. With targets, rows without a whole history or horizon are left out.
func hold(s *dataset.Schema, rec record.Reader, clean *table.Cleaner, withTarget bool, ahead int) (*held, error) {
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
		var bad *record.RowError
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
func (h *held) records(rec record.Reader) record.Reader {
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
func (h *held) own() *record.RowError {
	if h.Table.Long != nil {
		return nil
	}
	if b := h.Bad[h.Rows[h.at].row]; b != nil && !b.Gap {
		return &record.RowError{Column: b.Column, Text: b.Text}
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

// cellsOf are those of an input's rows so far, nil where it is no sequence.
func (h *held) cellsOf(r *dataset.Ragged) []uint32 {
	if r == nil {
		return nil
	}
	return r.Cells
}
