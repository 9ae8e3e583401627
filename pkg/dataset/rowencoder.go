package dataset

import (
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
)

// RowEncoder turns the fields of one row into its cells. Splits and streams both use it.
type RowEncoder struct {
	s          *Schema
	withTarget bool
}

// NewRowEncoder returns an encoder of rows, with or without their targets and weight.
func (s *Schema) NewRowEncoder(withTarget bool) RowEncoder { return RowEncoder{s, withTarget} }

// Input encodes the fields of input i.
func (e RowEncoder) Input(i int, fields []string, cells []uint32) *column.FieldError {
	in := &e.s.Inputs[i]
	for k, field := range fields {
		if !isUTF8(field) {
			return notUTF8(k, field)
		}
	}
	return AsFieldError(in.FieldEncoder.Encode(fields, cells[in.Cell:in.Cell+in.FieldEncoder.Cells()]))
}

// isUTF8 is utf8.ValidString for fields, most of which are short and ASCII.
func isUTF8(field string) bool {
	for i := range len(field) {
		if field[i] >= utf8.RuneSelf {
			return utf8.ValidString(field)
		}
	}
	return true
}

// EncodeSteps appends the cells of a row's sequence.
func EncodeSteps(e column.SequenceEncoder, fields []string, cells []uint32) ([]uint32, error) {
	for k, field := range fields {
		if !utf8.ValidString(field) {
			return cells, notUTF8(k, field)
		}
	}
	return e.EncodeSteps(fields, cells)
}

// Target encodes the field of label column k.
func (e RowEncoder) Target(k int, field string, cells []uint32) *column.FieldError {
	if c := &e.s.LabelColumns[k]; c.Stepwise() != nil || c.Generated() != nil { // encodeTags does it
		return nil
	}
	if field == "" {
		return column.Wrong(0, "is missing")
	}
	if !utf8.ValidString(field) {
		return notUTF8(0, field)
	}
	c, err := e.s.LabelColumns[k].Encoder.Encode(field)
	from, _ := labelCells(e.s)
	cells[from+k] = c
	return AsFieldError(err)
}

// notUTF8 is the mistake of a field in another encoding, whose bytes would not come back from a model's file.
func notUTF8(k int, field string) *column.FieldError {
	return &column.FieldError{Field: k, Text: otherEncoding(field, field), Encoding: true}
}

// otherEncoding says that a field is not UTF-8, and which encoding fits a text.
func otherEncoding(field, text string) string {
	fits := record.FitEncoding(text)
	return fmt.Sprintf("%s is not UTF-8, but fits %s; set encoding: %s in dataset, or save the file as UTF-8", phrase.Quote(field), fits, fits)
}

// Weight encodes the sample weight, which is 1 when there is no column of weights.
func (e RowEncoder) Weight(field string, cells []uint32) *column.FieldError {
	w, ok := 1.0, true
	if e.s.Weight != "" && e.withTarget {
		if field == "" {
			return column.Wrong(0, "is missing")
		}
		w, ok = numeral.Parse(field)
	}
	if !ok || w < 0 || w > math.MaxFloat32 {
		return column.Wrong(0, phrase.Quote(field)+" is not a weight: expected a number of 0 or more")
	}
	cells[e.s.CellCount-1] = math.Float32bits(float32(w))
	return nil
}

// AsFieldError is what is wrong with a field; nil of nil.
func AsFieldError(err error) *column.FieldError {
	if err == nil {
		return nil
	}
	var fe *column.FieldError
	if errors.As(err, &fe) {
		return fe
	}
	return column.Wrong(0, err.Error())
}

// columnEncoder encodes some rows of a table, those columns that hold numbers without their text.
type columnEncoder struct {
	*store
	schema  *Schema
	own     *tableColumns
	enc     RowEncoder
	fields  []string
	numbers []float64
	made    []uint32
	shifted []int32
}

func newColumnEncoder(s *Schema, st *store, own *tableColumns) *columnEncoder {
	n := min(chunkRows, st.Table.Rows)
	return &columnEncoder{
		store: st, schema: s, own: own, enc: s.NewRowEncoder(true),
		fields: make([]string, s.MaxFields), numbers: make([]float64, n), made: make([]uint32, n), shifted: make([]int32, n),
	}
}

// encode does what encodeRows does for rows of one chunk, unless a field cannot be encoded: then it stops and returns false.
func (e *columnEncoder) encode(rows []int32) bool {
	for i := range e.schema.Inputs {
		if e.schema.Inputs[i].FieldEncoder != nil && !e.input(i, rows) {
			return false
		}
	}
	for k := range e.schema.LabelColumns {
		if !e.labels(k, rows) {
			return false
		}
	}
	return e.weights(rows)
}

// column encodes the numbers of a column, as the k-th of an encoder, into the cell at that place; source are the rows to read.
func (e *columnEncoder) column(n column.Numbering, k int, c *table.Column, source, rows []int32, place int) (gaps int, ok bool) {
	numbers, made := e.numbers[:len(rows)], e.made[:len(rows)]
	gaps, words := c.Numbers(source, numbers)
	if words > 0 || !n.EncodeNumbers(k, numbers, made) {
		return gaps, false
	}
	chunk := e.chunks[rows[0]/chunkRows]
	for i, row := range rows {
		chunk[int(row%chunkRows)*e.width+place] = made[i]
	}
	return gaps, true
}

// input encodes an input.
func (e *columnEncoder) input(i int, rows []int32) bool {
	in, cs := &e.schema.Inputs[i], e.own.inputs[i]
	n, ok := in.FieldEncoder.(column.Numbering)
	for k := 0; ok && k < len(cs); k++ {
		_, ok = e.column(n, k, cs[k], rows, rows, in.Cell+k)
	}
	if ok {
		return true
	}
	for _, row := range rows {
		for k, c := range cs {
			e.fields[k] = c.Field(row)
		}
		if e.enc.Input(i, e.fields[:len(cs)], e.row(row)) != nil {
			return false
		}
	}
	return true
}

// labels encodes a label column.
func (e *columnEncoder) labels(k int, rows []int32) bool {
	label := &e.schema.LabelColumns[k]
	_, ahead := label.Reads()
	c, source := e.own.targets[e.schema.LabelColumns.Source(k)], e.shifted[:len(rows)]
	for i, row := range rows {
		source[i] = row + int32(ahead)
	}
	from, _ := labelCells(e.schema)
	if n, ok := label.Encoder.(column.Numbering); ok {
		gaps, ok := e.column(n, 0, c, source, rows, from+k)
		return ok && gaps == 0
	}
	for i, row := range rows {
		if e.enc.Target(k, c.Field(source[i]), e.row(row)) != nil {
			return false
		}
	}
	return true
}

// weights encodes the weights of rows.
func (e *columnEncoder) weights(rows []int32) bool {
	for _, row := range rows {
		weight := ""
		if e.own.weight != nil {
			weight = e.own.weight.Field(row)
		}
		if e.enc.Weight(weight, e.row(row)) != nil {
			return false
		}
	}
	return true
}
