package dataset

import (
	"slices"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/table"
	"dnn/pkg/task"
)

// Shown is a row as people look at it: the fields of the file and what they became.
type Shown struct {
	Place  string      // in the data: "adult.csv:17"
	Values []ShownPart // the inputs, then the targets
}

// ShownPart is one input or target of a row.
type ShownPart struct {
	Name    string
	Read    []string // the fields of its columns, "" for a gap; nil for an image
	Encoded []float64
}

// Show gives some rows of a split as they were read next to their encoding, if the data was loaded with KeepFields. The error is
// that of Fill.
func (p *Part) Show(rows []int) ([]Shown, error) {
	tab := p.Cells.Table
	b := p.Of.NewBatch(len(rows))
	if err := p.Fill(b, rows); err != nil {
		return nil, err
	}
	list := make([]Shown, len(rows))
	for i, row := range rows {
		list[i].Place = p.Place(row)
		for k := range p.Of.Inputs {
			in := &p.Of.Inputs[k]
			part := ShownPart{Name: in.Name, Encoded: b.numbers(in, i)}
			switch e := in.Encoder.(type) {
			case column.RowSteps:
				part.Read = e.Fields(tab, in.Columns, p.Stored.At(row))
			case column.FieldEncoder, column.Tokenizing:
				part.Read = fieldsOf(tab, in.Columns, p.Stored.At(row))
			}
			if windowsIn(p) != nil {
				part.Read = []string{windowText(p, part.Encoded)}
			}
			list[i].Values = append(list[i].Values, part)
		}
		for k := range p.Of.LabelColumns {
			col, ahead := p.Of.LabelColumns[k].Reads()
			part := ShownPart{Name: p.Of.LabelColumns[k].Name, Read: fieldsOf(tab, []string{col}, p.Stored.At(row)+int32(ahead))}
			part.Encoded = b.labels(k, i)
			if n := len(part.Encoded); windowsIn(p) != nil { // all others are those of the window
				part.Read = []string{windowText(p, part.Encoded[n-1:])}
			}
			list[i].Values = append(list[i].Values, part)
		}
	}
	return list, nil
}

// Texts are the fields that row has in an input of texts, given by its number; none unless they were kept, by KeepTexts or
// KeepFields.
func (p *Part) Texts(row, input int) []string {
	return fieldsOf(p.Cells.Table, p.Of.Inputs[input].Columns, p.Stored.At(row))
}

func fieldsOf(t *table.Table, columns []string, row int32) (fields []string) {
	for _, name := range columns {
		if c := t.Column(name); c != nil && c.IsText() {
			fields = append(fields, c.Field(row))
		}
	}
	return fields
}

// numbers are those that an input has in row i of a batch; of a sequence those of its own steps.
func (b *Batch) numbers(in *Input, i int) (list []float64) {
	size := b.RowSize(in.Block)
	lo, hi := i*size+in.Lo, i*size+in.Hi
	if b.schema.Blocks[in.Block].Sequence {
		lo, hi = i*size, i*size+int(b.Lengths[in.Block][i])*b.sizes[in.Block]
	}
	for k := lo; k < hi; k++ {
		if b.schema.Blocks[in.Block].Ints {
			list = append(list, float64(b.Ints[in.Block][k]))
		} else {
			list = append(list, float64(b.Floats[in.Block][k]))
		}
	}
	return list
}

// labels are those of label column k in row i of a batch: one, or one for each step.
func (b *Batch) labels(k, i int) (list []float64) {
	head := b.schema.LabelColumns[k].Head
	l, h := &b.Heads[head], &b.schema.Heads[head]
	for at, to := b.LabelsOf(head, i); at < to; at++ {
		if l.Ints != nil {
			list = append(list, float64(l.Ints[at]))
		} else {
			list = append(list, float64(l.Floats[at*h.Width+k-h.First]))
		}
	}
	return list
}

// fields are those of a table that stay in memory when its rows are encoded. Unless options say otherwise, these are none.
type fields int

const (
	textFields fields = iota + 1 // the texts of the last split, for nets that predict classes
	allFields
)

// keptTexts are the columns of which the texts of the last split are kept.
func (l *encoding) keptTexts(s *Schema) (names []string) {
	if classes := slices.ContainsFunc(s.Heads, func(h Head) bool { return h.Kind == task.Category || h.Kind == task.Binary }); l.fields != textFields || !classes {
		return nil
	}
	for i := range s.Inputs {
		if in := &s.Inputs[i]; in.IsText() {
			names = append(names, in.Columns...)
		}
	}
	return names
}

// references are the columns of texts that a net is to write, which are kept.
func references(s *Schema) (names []string) {
	for i := range s.LabelColumns {
		if c := &s.LabelColumns[i]; c.Generated() != nil {
			names = append(names, c.Name)
		}
	}
	return names
}

// needless are the columns of a table none of whose fields are kept.
func (l *encoding) needless(s *Schema, t *table.Table) (list []*table.Column) {
	if l.fields == allFields {
		return nil
	}
	kept := append(l.keptTexts(s), references(s)...)
	for _, c := range t.Columns {
		if !slices.Contains(kept, c.Name) {
			list = append(list, c)
		}
	}
	return list
}

// release drops the fields of encoded tables, but for those that are to be kept.
func (l *encoding) release(d *Data, stores map[*table.Table]*store) {
	if l.fields == allFields {
		return
	}
	kept := map[*table.Table][]*table.Column{}
	if last := d.Last(); last != nil {
		t := last.Cells.Table
		for _, name := range l.keptTexts(d.Schema) {
			kept[t] = append(kept[t], t.Column(name).Only(last.Stored.list))
		}
	}
	for t := range stores {
		for _, name := range references(d.Schema) {
			if c := t.Column(name); c != nil {
				kept[t] = append(kept[t], c)
			}
		}
		t.Columns = kept[t]
		t.Long.Release()
	}
}

// Last is the last split that has rows, on which a run reports.
func (d *Data) Last() *Part {
	for _, name := range slices.Backward(format.Splits) {
		if p := d.Part(name); p != nil && p.Rows() > 0 && !(name == "test" && d.untested) {
			return p
		}
	}
	return nil
}
