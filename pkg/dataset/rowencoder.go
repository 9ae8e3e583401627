package dataset

import (
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
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
		if !utf8.ValidString(field) {
			return notUTF8(k, field)
		}
	}
	return AsFieldError(in.FieldEncoder.Encode(fields, cells[in.Cell:in.Cell+in.FieldEncoder.Cells()]))
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
	fits := table.FitEncoding(field)
	return column.Wrong(k, fmt.Sprintf("%s is not UTF-8, but fits %s; set encoding: %s in dataset, or save the file as UTF-8", phrase.Quote(field), fits, fits))
}

// Weight encodes the sample weight, which is 1 when there is no column of weights.
func (e RowEncoder) Weight(field string, cells []uint32) *column.FieldError {
	w, ok := 1.0, true
	if e.s.Weight != "" && e.withTarget {
		if field == "" {
			return column.Wrong(0, "is missing")
		}
		w, ok = table.ParseNumber(field)
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
