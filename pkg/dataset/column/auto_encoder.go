package column

import (
	"errors"
	"fmt"
)

// AutoEncoder is a fitted Auto of columns whose types differ: one encoder for each, whose floats follow one another.
type AutoEncoder struct {
	Columns []autoColumn `json:"columns"`
}

// autoColumn is the encoder of one column.
type autoColumn struct{ FieldEncoder }

// MarshalJSON writes {"type": "number", …}.
func (c autoColumn) MarshalJSON() ([]byte, error) { return MarshalEncoder(c.FieldEncoder) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *autoColumn) UnmarshalJSON(data []byte) error {
	e, err := UnmarshalEncoder(data, 1)
	if err != nil {
		return fmt.Errorf("a column %w", err)
	}
	var ok bool
	if c.FieldEncoder, ok = e.(FieldEncoder); !ok {
		return errors.New("a column has no fields")
	}
	return nil
}

// width is the number of floats of a column.
func (c autoColumn) width() int { return c.Layout().Shape[0] }

func (e *AutoEncoder) Layout() layout {
	width := 0
	for _, c := range e.Columns {
		width += c.width()
	}
	return layout{Shape: []int{width}}
}

func (e *AutoEncoder) Cells() int { return len(e.Columns) }

func (e *AutoEncoder) Encode(fields []string, cells []uint32) error {
	for i, c := range e.Columns {
		err := c.Encode(fields[i:i+1], cells[i:i+1])
		var field *FieldError
		if errors.As(err, &field) {
			return Wrong(i, field.Text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// EncodeNumbers is Encode for a column of numbers.
func (e *AutoEncoder) EncodeNumbers(k int, numbers []float64, cells []uint32) bool {
	own, ok := e.Columns[k].FieldEncoder.(Numbering)
	return ok && own.EncodeNumbers(0, numbers, cells)
}

func (e *AutoEncoder) Expand(cells []uint32, floats []float32, _ []int32) {
	at := 0
	for i, c := range e.Columns {
		c.Expand(cells[i:i+1], floats[at:at+c.width()], nil)
		at += c.width()
	}
}

// Spans assigns the numbers to the columns.
func (e *AutoEncoder) Spans(_ string, columns []string) (list []Span) {
	at := 0
	for i, c := range e.Columns {
		list = append(list, Span{columns[i], at, at + c.width()})
		at += c.width()
	}
	return list
}

// Baseline writes the neutral values of the columns of numbers.
func (e *AutoEncoder) Baseline(floats []float32) {
	at := 0
	for _, c := range e.Columns {
		if b, ok := c.FieldEncoder.(Baselined); ok {
			b.Baseline(floats[at : at+c.width()])
		}
		at += c.width()
	}
}

// Unseen lists the columns whose words training never saw.
func (e *AutoEncoder) Unseen(fields []string, cells []uint32) (columns []int) {
	for i, c := range e.Columns {
		if v, ok := c.FieldEncoder.(Vocabulary); ok && len(v.Unseen(fields[i:i+1], cells[i:i+1])) > 0 {
			columns = append(columns, i)
		}
	}
	return columns
}

// ValueNames are those of the columns' encoders, one after the other.
func (e *AutoEncoder) ValueNames(columns []string) (names []string) {
	for i, c := range e.Columns {
		named, ok := c.FieldEncoder.(Named)
		if !ok {
			return nil
		}
		names = append(names, named.ValueNames(columns[i:i+1])...)
	}
	return names
}

// Of is the encoder of one column.
func (e *AutoEncoder) Of(i int) Encoder { return e.Columns[i].FieldEncoder }
