package stream

import (
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/record"
)

// encode turns the fields of a row into cells.
func (st *Stream) encode(fields []string) *record.RowError {
	at := func(k int) string {
		if k >= 0 && k < len(fields) {
			return st.clean[k].CleanAt(st.rec, k, fields[k])
		}
		return ""
	}
	if st.Held != nil {
		if e := st.Held.own(); e != nil {
			return e
		}
	}
	for i, places := range st.inputs {
		in := &st.schema.Inputs[i]
		if in.FieldEncoder == nil && in.StepEncoder == nil {
			continue // images, which are read later
		}
		if st.Held == nil && st.encodeNumbers(i, fields, st.cells[in.Cell:]) {
			continue
		}
		for k, place := range places {
			if place < 0 {
				st.fields[k] = st.Held.field(in.Columns[k])
				continue
			}
			st.fields[k] = at(place)
		}
		if h := st.Held; h != nil {
			if cells, rowwise, e := h.series(i, h.Rows[h.at].row, st.Held.cellsOf(st.steps[i])); e != nil {
				return e
			} else if rowwise {
				st.lookCut(i, nil, len(cells)-st.steps[i].Before())
				st.steps[i].Cells = cells
				continue
			}
		}
		if r := st.steps[i]; r != nil {
			if e := st.readSeries(in, st.fields[:len(places)]); e != nil {
				return e
			}
			cells, err := dataset.EncodeSteps(in.StepEncoder, st.fields[:len(places)], r.Cells)
			if err == nil {
				err = st.schema.TooShort(i, (len(cells)-len(r.Cells))/in.StepEncoder.StepCells())
			}
			if e := dataset.AsFieldError(err); e != nil {
				return &record.RowError{Column: in.Columns[e.Field], Text: e.Text}
			}
			st.lookCut(i, st.fields[:len(places)], len(cells)-len(r.Cells))
			if t, ok := in.StepEncoder.(column.Tokened); ok {
				own := cells[len(r.Cells):]
				st.unseen.countTokens(in.Name, t.UnseenTokens(own), len(own))
			}
			r.Cells = cells
			continue
		}
		if e := st.enc.Input(i, st.fields[:len(places)], st.cells); e != nil {
			return &record.RowError{Column: st.schema.Inputs[i].Columns[e.Field], Text: e.Text}
		}
	}
	for k := range st.schema.LabelColumns {
		if st.targets == nil {
			break
		}
		field := ""
		if st.Held != nil {
			field = st.Held.target(k)
		} else {
			field = at(st.targets[st.schema.LabelColumns.Source(k)])
		}
		if e := st.enc.Target(k, field, st.cells); e != nil {
			c := &st.schema.LabelColumns[k]
			name := c.Name
			if st.schema.Heads[c.Head].Separator != "" {
				name, _ = c.Reads()
			}
			return &record.RowError{Column: name, Text: e.Text}
		}
		if e, ok := st.schema.LabelColumns[k].Encoder.(column.Respelling); ok && st.Held == nil {
			st.respell(st.schema.LabelColumns[k].Name, field, e.Respelled(0, field))
		}
	}
	if e := st.encodeTags(at); e != nil {
		return &record.RowError{Column: st.schema.LabelColumns[e.Field].Name, Text: e.Text}
	}
	weight := ""
	if st.weight >= 0 {
		weight = at(st.weight)
	} else if st.unweighted {
		weight = "1"
	}
	if e := st.enc.Weight(weight, st.cells); e != nil {
		return &record.RowError{Column: st.schema.Weight, Text: e.Text}
	}
	st.look(at)
	lookLabels(st, at)
	return nil
}

// encodeNumbers encodes the fields of an input if all of them are plain numbers, as most are, without a look at their text.
func (c *columnPlaces) encodeNumbers(i int, fields []string, cells []uint32) bool {
	n := c.numbers[i]
	if n == nil {
		return false
	}
	for k, place := range c.inputs[i] {
		if place < 0 || place >= len(fields) {
			return false
		}
		x, ok := c.clean[place].Number(fields[place])
		c.number[0] = x
		if !ok || !n.EncodeNumbers(k, c.number[:], cells[k:]) {
			return false
		}
	}
	return true
}

// lookLabels counts labels that a model of an earlier version takes for no, though training never saw them.
func lookLabels(st *Stream, at func(int) string) {
	if st.targets == nil || st.Held != nil {
		return
	}
	for k := range st.schema.LabelColumns {
		c := &st.schema.LabelColumns[k]
		if e, lenient := c.Encoder.(column.Lenient); lenient && e.Unknown(at(st.targets[st.schema.LabelColumns.Source(k)])) {
			st.unseen.count(c.Name)
		}
	}
}

// look counts words of a sound row that training never saw.
func (st *Stream) look(at func(int) string) {
	st.unseen.row = false
	for _, i := range st.worded {
		in, places := &st.schema.Inputs[i], st.inputs[i]
		words := in.FieldEncoder.(column.Vocabulary)
		cells := st.cells[in.Cell : in.Cell+in.FieldEncoder.Cells()]
		for k, place := range places {
			st.fields[k] = at(place)
		}
		for _, k := range words.Unseen(st.fields[:len(places)], cells) {
			st.unseen.count(in.Columns[k])
		}
		if e, ok := in.FieldEncoder.(column.Respelling); ok {
			for k, field := range st.fields[:len(places)] {
				st.respell(in.Columns[k], field, e.Respelled(k, field))
			}
		}
	}
	st.lookGroup()
}

// lookCut counts a row that has more steps in input k than it can keep. cells are those of its steps, without what the
// encoder left out.
func (st *Stream) lookCut(k int, fields []string, cells int) {
	in := &st.schema.Inputs[k]
	_, most, why := st.schema.Longest(in.Block)
	steps := cells / in.StepEncoder.StepCells()
	if c, ok := in.StepEncoder.(column.Cutter); ok && steps == most {
		steps, _ = c.Uncut(fields)
	}
	if steps > most {
		st.cut = dataset.Cut{Rows: st.cut.Rows + 1, Column: in.Name, Steps: most, Why: why}
	}
}
