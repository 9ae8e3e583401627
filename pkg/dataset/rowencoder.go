package dataset

import (
	"errors"
	"math"
	"slices"
	"unicode/utf8"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/table"
)

// rowEncoder turns the fields of one row into its cells. Parts and streams both use it.
type rowEncoder struct {
	s          *Schema
	withTarget bool
}

func (s *Schema) rowEncoder(withTarget bool) rowEncoder { return rowEncoder{s, withTarget} }

// input encodes the fields of input i.
func (e rowEncoder) input(i int, fields []string, cells []uint32) *column.FieldError {
	in := &e.s.Inputs[i]
	for k, field := range fields {
		if !utf8.ValidString(field) {
			return notUTF8(k, field)
		}
	}
	return asFieldError(in.fields.Encode(fields, cells[in.at:in.at+in.fields.Cells()]))
}

// encodeSteps appends the cells of a row's sequence.
func encodeSteps(e column.SequenceEncoder, fields []string, cells []uint32) ([]uint32, error) {
	for k, field := range fields {
		if !utf8.ValidString(field) {
			return cells, notUTF8(k, field)
		}
	}
	return e.EncodeSteps(fields, cells)
}

// target encodes the field of target column k.
func (e rowEncoder) target(k int, field string, cells []uint32) *column.FieldError {
	if slices.Contains(e.s.Target.tagged, k) { // encodeTags does it
		return nil
	}
	if field == "" {
		return column.Wrong(0, "is missing")
	}
	if !utf8.ValidString(field) {
		return notUTF8(0, field)
	}
	c, err := e.s.Target.Columns[k].Encoder.Encode(field)
	cells[e.s.cells-1-len(e.s.Target.Columns)+k] = c
	return asFieldError(err)
}

// notUTF8 is the mistake of a field in another encoding, whose bytes would not come back from a model's file.
func notUTF8(k int, field string) *column.FieldError {
	return column.Wrong(k, phrase.Quote(field)+" is not UTF-8; save the file in that encoding")
}

// weight encodes the sample weight, which is 1 when there is no column of weights.
func (e rowEncoder) weight(field string, cells []uint32) *column.FieldError {
	w, ok := 1.0, true
	if e.s.Weight != "" && e.withTarget {
		if field == "" {
			return column.Wrong(0, "is missing")
		}
		w, ok = table.ParseNumber(field)
	}
	if !ok || w < 0 || w > math.MaxFloat32 {
		return column.Wrong(0, phrase.Quote(field)+" is not a weight: want a number of 0 or more")
	}
	cells[e.s.cells-1] = math.Float32bits(float32(w))
	return nil
}

func asFieldError(err error) *column.FieldError {
	if err == nil {
		return nil
	}
	var fe *column.FieldError
	if errors.As(err, &fe) {
		return fe
	}
	return column.Wrong(0, err.Error())
}
