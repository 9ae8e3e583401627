package dataset

import (
	"fmt"
	"slices"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/table"
)

// A stepper holds the sequences of one input in a table.
type stepper interface {
	// of returns the cells of a row's steps.
	of(row int32) []uint32
}

// ragged is a stepper whose rows lie one after the other.
type ragged struct {
	ends  []int
	cells []uint32
}

func (r *ragged) of(row int32) []uint32 {
	if row == 0 {
		return r.cells[:r.ends[0]]
	}
	return r.cells[r.ends[row-1]:r.ends[row]]
}

// empty forgets all rows.
func (r *ragged) empty() {
	if r != nil {
		r.ends, r.cells = r.ends[:0], r.cells[:0]
	}
}

// end ends a row, which has no steps unless it is sound.
func (r *ragged) end(sound bool) {
	if r == nil {
		return
	}
	if !sound {
		r.cells = r.cells[:r.before()]
	}
	r.ends = append(r.ends, len(r.cells))
}

// before is where the row begins that is not ended yet.
func (r *ragged) before() int {
	if len(r.ends) == 0 {
		return 0
	}
	return r.ends[len(r.ends)-1]
}

// Uneven reports whether rows have sequences of different lengths.
func (p *Part) Uneven() bool {
	if !slices.ContainsFunc(p.store.steps, func(s stepper) bool { return s != nil }) {
		return false
	}
	for i := 1; i < len(p.rows); i++ {
		if p.Length(i) != p.Length(0) {
			return true
		}
	}
	return false
}

// expandSteps writes the steps of input k that a row keeps into row i of the batch, whose blocks hold zeros there. What there
// is no room for is left out.
func (b *Batch) expandSteps(k int, cells []uint32, i int) {
	in := &b.schema.Inputs[k]
	block, width := in.Block, in.steps.StepCells()
	from, to := b.schema.kept(k, len(cells)/width)
	if b.schema.Blocks[block].Sequence {
		to = min(to, from+b.Steps[block])
		b.Lengths[block][i] = int32(to - from)
	}
	cells = cells[from*width : to*width]
	size := b.RowSize(block)
	if b.schema.Blocks[block].Ints {
		in.steps.ExpandSteps(cells, nil, b.Ints[block][i*size:(i+1)*size])
	} else {
		floats := b.Floats[block][i*size : (i+1)*size]
		in.steps.ExpandSteps(cells, floats, nil)
		if series, ok := in.steps.(column.Recentred); ok && to > from && series.Recentres() {
			b.offsets = series.TakeOffsets(floats[:len(cells)], b.offsets[:0])
			for channel, offset := range b.offsets {
				if offset == offset {
					b.giveLevel(i, k, channel, offset)
				}
			}
		}
	}
}

// Cut is how many rows had more steps in an input than they can keep, and were cut to that.
type Cut struct {
	Rows   int
	Column string // the last such input
	Steps  int    // what they keep
	Why    string // what the limit comes from
}

// Cut returns what is cut of the rows of a part because the net takes no more; not what max_length leaves out.
func (p *Part) Cut() (cut Cut) {
	for k, st := range p.store.steps {
		if st == nil || !p.schema.Unlimited(p.schema.Inputs[k].Block) {
			continue
		}
		in := &p.schema.Inputs[k]
		_, most, why := p.schema.Longest(in.Block)
		for _, row := range p.rows {
			if len(st.of(row)) > most*in.steps.StepCells() {
				cut = Cut{cut.Rows + 1, in.Name, most, why}
			}
		}
	}
	return cut
}

// Shorter is how many rows of a part have fewer than so many steps in a block of sequences.
func (p *Part) Shorter(block, steps int) (rows int) {
	for k, st := range p.store.steps {
		if st == nil || p.schema.Inputs[k].Block != block {
			continue
		}
		for _, row := range p.rows {
			if p.schema.steps(k, st, row) < steps {
				rows++
			}
		}
	}
	return rows
}

// Texts reports whether an input is texts.
func (s *Schema) Texts() bool {
	return slices.ContainsFunc(s.Inputs, func(in Input) bool { _, ok := in.Encoder.(column.Tokenizing); return ok })
}

// steppers makes what holds the sequences of the used rows of a table, nil for inputs that are none.
func (l *encoding) steppers(s *Schema, columns *resolved, t *table.Table, used []bool) []stepper {
	own := columns.in(t)
	list := make([]stepper, len(s.Inputs))
	for i := range s.Inputs {
		if e := s.Inputs[i].steps; e != nil {
			if _, ok := e.(column.RowSteps); ok {
				list[i] = l.series(s, i, columns.inputs[i].path, own.inputs[i], t, used)
				continue
			}
			list[i] = l.ragged(s, i, columns.inputs[i].path, own.inputs[i], t, used)
		}
	}
	return list
}

// ragged encodes the sequences of input k of the used rows of a table. A row whose sequence cannot be encoded is a mistake.
func (l *encoding) ragged(s *Schema, k int, path string, columns []*table.Column, t *table.Table, used []bool) *ragged {
	e, r := s.Inputs[k].steps, &ragged{ends: make([]int, t.Rows)}
	fields := make([]string, len(columns))
	for row := range int32(t.Rows) {
		if !used[row] {
			r.ends[row] = len(r.cells)
			continue
		}
		for i, c := range columns {
			fields[i] = c.Field(row)
		}
		before := len(r.cells)
		var err error
		if r.cells, err = encodeSteps(e, fields, r.cells); err == nil {
			err = s.tooShort(k, (len(r.cells)-before)/e.StepCells())
		}
		if err != nil {
			fe := asFieldError(err)
			name := columns[min(fe.Field, len(columns)-1)].Name
			l.Mistake(path, fmt.Sprintf("column %q", name), t.Place(row), fmt.Sprintf("column %q: %s", name, fe.Text))
		}
		r.ends[row] = len(r.cells)
	}
	return r
}
