package dataset

import (
	"fmt"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/table"
)

// windows is a stepper whose rows are ranges of a table's rows: no window is copied.
type windows struct {
	cells         []uint32 // of all rows
	width         int      // cells of a row
	offset, steps int
}

func (w *windows) Size(int32) int { return w.steps * w.width }

func (w *windows) Read(row int32, _ *Scratch) ([]uint32, error) {
	from := int(row) + w.offset
	return w.cells[from*w.width : (from+w.steps)*w.width], nil
}

// ranges is a stepper whose rows are ranges of another table's rows.
type ranges struct {
	cells []uint32
	width int
	from  []int32
}

func (s *ranges) Size(row int32) int { return int(s.from[row+1]-s.from[row]) * s.width }

func (s *ranges) Read(row int32, _ *Scratch) ([]uint32, error) {
	return s.cells[int(s.from[row])*s.width : int(s.from[row+1])*s.width], nil
}

// series makes what holds the series of the rows of a table that input k reads.
func (l *encoding) series(s *Schema, k int, path string, columns []*table.Column, t *table.Table, used []bool) Stepper {
	e := s.Inputs[k].StepEncoder
	of := e.(column.RowSteps)
	offset, steps, window := of.Window()
	switch {
	case window:
		return &windows{l.everyRow(e, path, columns, t, nil), e.StepCells(), offset, steps}
	case of.Where() == column.InID:
		columns = t.Long.Columns(columns)
		length := func(row int32) int { from, to := t.Long.Range(row); return int(to - from) }
		l.noteCut(e, columns[0].Name, t, length)
		for row := range int32(t.Rows) {
			if err := s.TooShort(k, length(row)); err != nil && used[row] {
				l.Mistake(path, "series", t.Place(row), err.Error())
			}
		}
		return &ranges{l.everyRow(e, path, columns, t.Long.Steps, used), e.StepCells(), t.Long.From}
	}
	r := l.ragged(s, k, path, columns, t, used)
	if of.Where() == column.InField {
		l.noteCut(e, columns[0].Name, t, func(row int32) int { return len(r.Of(row)) / e.StepCells() })
	}
	return r
}

// noteCut notes how many series are longer than max_length.
func (l *encoding) noteCut(e column.SequenceEncoder, name string, t *table.Table, length func(row int32) int) {
	most, _ := e.(column.Lengths).Bounds()
	if e.Limitless() { // the net is asked
		return
	}
	cut := 0
	for row := range int32(t.Rows) {
		if length(row) > most {
			cut++
		}
	}
	if cut > 0 {
		l.Note("%s: %s: %s longer than %s, cut at the end (max_length: N sets another length)", t.Key, name, phrase.Count(cut, "series"), phrase.Count(most, "step"))
	}
}

// everyRow encodes all rows of a table, each as a step; what is wrong in a group that is not used is not noted. All are where
// used is nil.
func (l *encoding) everyRow(e column.SequenceEncoder, path string, columns []*table.Column, t *table.Table, used []bool) []uint32 {
	_, files := l.settings.Format.(format.FileSequences)
	cells := make([]uint32, 0, t.Rows*e.StepCells())
	fields := make([]string, len(columns))
	for row := range int32(t.Rows) {
		for k, c := range columns {
			fields[k] = c.Field(row)
		}
		step, err := EncodeSteps(e, fields, cells)
		if err != nil {
			fe := AsFieldError(err)
			name := columns[fe.Field].Name
			hint := ""
			if _, number := numeral.Parse(fields[fe.Field]); files && !number && fields[fe.Field] != "" {
				hint = "; on_error: skip leaves such files out"
			}
			if used == nil || used[t.Time.Group[row]] {
				l.Mistake(path, fmt.Sprintf("column %q", name), t.Place(row), fmt.Sprintf("column %q: %s%s", name, fe.Text, hint))
			}
			step = append(cells, make([]uint32, e.StepCells())...)
		}
		cells = step[:int(row+1)*e.StepCells()]
	}
	return cells
}

// reach is how far the windows and the target of the settings reach from a row: rows before it, and rows from it on.
func (l *splitter) reach(columns *resolved) (back, ahead int) {
	ahead = max(1, l.settings.horizon())
	facts := l.settings.facts(l.separate)
	for _, in := range columns.inputs {
		if s, ok := in.kind.(column.Temporal); ok {
			back = max(back, s.Back(&facts, column.NamesOf(in.columns)))
		}
	}
	return back, ahead
}
