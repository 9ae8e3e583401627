package column

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"

	"dnn/pkg/dataset/numeral"
)

// NumberEncoder is a fitted Number.
type NumberEncoder struct {
	Columns []numberColumn
}

type numberColumn struct {
	Fill    *float64 `json:"fill,omitempty"` // missing: a gap is an error
	Scaling Scaling  `json:"scaling"`
}

// storedNumbers is how a NumberEncoder lies in a file: there may be thousands of columns, and lists of numbers are read faster than
// lists of objects. A list that would hold nothing is left out.
type storedNumbers struct {
	Fill      []*float64     `json:"fill,omitempty"`
	Log       []string       `json:"log,omitempty"`
	Shift     []float64      `json:"shift"`
	Scale     []float64      `json:"scale"`
	Quantiles []*Quantiles   `json:"quantiles,omitempty"`
	Columns   []numberColumn `json:"columns,omitempty"` // in files of former versions, instead of all others
}

// MarshalJSON writes a list of each figure.
func (e *NumberEncoder) MarshalJSON() ([]byte, error) {
	n := len(e.Columns)
	s := storedNumbers{Shift: make([]float64, n), Scale: make([]float64, n)}
	for i := range e.Columns {
		c := &e.Columns[i].Scaling
		s.Shift[i], s.Scale[i] = c.Shift, c.Scale
		put(&s.Fill, i, n, e.Columns[i].Fill)
		put(&s.Log, i, n, c.Log)
		put(&s.Quantiles, i, n, c.Quantiles)
	}
	return json.Marshal(s)
}

// put sets element i of a list of n, which is nil until there is an element.
func put[T comparable](list *[]T, i, n int, x T) {
	var none T
	if x == none {
		return
	}
	if *list == nil {
		*list = make([]T, n)
	}
	(*list)[i] = x
}

// UnmarshalJSON reads what MarshalJSON wrote, or a former version.
func (e *NumberEncoder) UnmarshalJSON(data []byte) error {
	var s storedNumbers
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	n := len(s.Shift)
	for _, other := range []int{len(s.Scale), cmp.Or(len(s.Fill), n), cmp.Or(len(s.Log), n), cmp.Or(len(s.Quantiles), n)} {
		if other != n {
			return fmt.Errorf("there are %d shifts and %d other figures", n, other)
		}
	}
	if e.Columns = s.Columns; n == 0 {
		return nil
	}
	e.Columns = make([]numberColumn, n)
	for i := range e.Columns {
		c := &e.Columns[i]
		c.Scaling.Shift, c.Scaling.Scale = s.Shift[i], s.Scale[i]
		if len(s.Fill) > 0 {
			c.Fill = s.Fill[i]
		}
		if len(s.Log) > 0 {
			c.Scaling.Log = s.Log[i]
		}
		if len(s.Quantiles) > 0 {
			c.Scaling.Quantiles = s.Quantiles[i]
		}
	}
	return nil
}

func (e *NumberEncoder) Layout() layout { return layout{Shape: []int{len(e.Columns)}} }
func (e *NumberEncoder) Cells() int     { return len(e.Columns) }

func (e *NumberEncoder) Encode(fields []string, cells []uint32) error {
	for i, field := range fields {
		c := &e.Columns[i]
		x, ok := 0.0, true
		switch {
		case field != "":
			x, ok = numeral.Parse(field)
		case c.Fill != nil:
			x = *c.Fill
		default:
			return Wrong(i, "is missing")
		}
		if !ok {
			return Wrong(i, numeral.NotNumber(field))
		}
		y, err := c.Scaling.Apply(x)
		if err != nil {
			return Wrong(i, err.Error())
		}
		cells[i] = math.Float32bits(y)
	}
	return nil
}

// EncodeNumbers is Encode for a column.
func (e *NumberEncoder) EncodeNumbers(k int, numbers []float64, cells []uint32) bool {
	c := &e.Columns[k]
	for i, x := range numbers {
		if x != x {
			if c.Fill == nil {
				return false
			}
			x = *c.Fill
		}
		y, err := c.Scaling.Apply(x)
		if err != nil {
			return false
		}
		cells[i] = math.Float32bits(y)
	}
	return true
}

func (e *NumberEncoder) Expand(cells []uint32, floats []float32, _ []int32) {
	for i, c := range cells {
		floats[i] = math.Float32frombits(c)
	}
}

// CellsAreFloats is always so.
func (e *NumberEncoder) CellsAreFloats() bool { return true }

// Baseline writes the values that fill gaps: the neutral value of a number.
func (e *NumberEncoder) Baseline(floats []float32) {
	for i := range e.Columns {
		if fill := e.Columns[i].Fill; fill != nil {
			if v, err := e.Columns[i].Scaling.Apply(*fill); err == nil {
				floats[i] = v
			}
		}
	}
}

// ValueNames are the columns.
func (e *NumberEncoder) ValueNames(columns []string) []string { return columns }

// Of is the encoder of one column.
func (e *NumberEncoder) Of(i int) Encoder { return &NumberEncoder{e.Columns[i : i+1]} }

// Join is the encoder of several columns.
func (e *NumberEncoder) Join(others []Encoder) Encoder {
	return &NumberEncoder{joined(e, others, func(e *NumberEncoder) []numberColumn { return e.Columns })}
}
