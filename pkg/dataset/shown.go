package dataset

import (
	"errors"
	"path/filepath"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// Shown is a row as people look at it: the fields of the file and what they became.
type Shown struct {
	Place  string      // in the data: "adult.csv:17"
	Values []ShownPart // the inputs, then the targets
}

// ShownPart is one input or target of a row.
type ShownPart struct {
	Name    string
	Read    []string // the fields of its columns, "" for a gap; nil for a picture
	Encoded []float64
}

// Show reads some rows of a part again from its files, which lie as they lay when it was loaded, and gives them beside
// their encoding. The error is that of a file that cannot be read any more.
func (s *Settings) Show(p *Part, dir string, seed uint64, rows []int) ([]Shown, error) {
	tab, err := s.again(p, dir, seed)
	if err != nil {
		return nil, err
	}
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
				part.Read = e.Fields(tab, in.Columns, p.Stored[row])
			case column.FieldEncoder, column.Tokenizing:
				part.Read = fieldsOf(tab, in.Columns, p.Stored[row])
			}
			list[i].Values = append(list[i].Values, part)
		}
		for k := range p.Of.LabelColumns {
			col, ahead := p.Of.LabelColumns[k].Reads()
			part := ShownPart{Name: p.Of.LabelColumns[k].Name, Read: fieldsOf(tab, []string{col}, p.Stored[row]+int32(ahead))}
			part.Encoded = b.labels(k, i)
			list[i].Values = append(list[i].Values, part)
		}
	}
	return list, nil
}

// again reads the table of a part again.
func (s *Settings) again(p *Part, dir string, seed uint64) (*table.Table, error) {
	for _, t := range (&arranger{newLoader(s, dir, seed, &spec.Problems{})}).readTables() {
		if t.Key == p.Cells.Table.Key && t.Rows == p.Cells.Table.Rows {
			return t, nil
		}
	}
	return nil, errors.New("the data changed while it was looked at; try again")
}

// Texts reads the fields of some inputs that are texts again, given by their numbers, for some rows of a part.
func (s *Settings) Texts(p *Part, dir string, seed uint64, rows, inputs []int) (fields [][]string, err error) {
	tab, err := s.again(p, dir, seed)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		var texts []string
		for _, i := range inputs {
			texts = append(texts, fieldsOf(tab, p.Of.Inputs[i].Columns, p.Stored[row])...)
		}
		fields = append(fields, texts)
	}
	return fields, nil
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

// Pictures lists the inputs that hold pictures.
func (s *Schema) Pictures() (list []*Input) {
	for i := range s.Inputs {
		if s.Inputs[i].IsPicture() {
			list = append(list, &s.Inputs[i])
		}
	}
	return list
}

// Augmented reports whether FillTraining changes the rows of the part.
func (p *Part) Augmented() bool { return p.augment != nil }

// Paths lists the files and folders that the settings name, those with a relative path as lying in dir.
func (s *Settings) Paths(dir string) (list []string) {
	f, ok := s.Format.(format.Filed)
	if !ok {
		return nil
	}
	f.EachFile(func(path *string) {
		if filepath.IsAbs(*path) {
			list = append(list, *path)
		} else {
			list = append(list, filepath.Join(dir, *path))
		}
	})
	return list
}
