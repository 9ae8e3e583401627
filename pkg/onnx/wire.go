package onnx

import (
	"errors"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is a field of a message: a number or bytes.
type field struct {
	number protowire.Number
	kind   protowire.Type
	bits   uint64
	bytes  []byte
}

var errCut = errors.New("the file is cut or damaged")

// fields calls each for the fields of a message in their order.
func fields(b []byte, each func(f field) error) error {
	for len(b) > 0 {
		f, n := field{}, 0
		if f.number, f.kind, n = protowire.ConsumeTag(b); n < 0 {
			return errCut
		}
		b = b[n:]
		switch f.kind {
		case protowire.VarintType:
			f.bits, n = protowire.ConsumeVarint(b)
		case protowire.Fixed32Type:
			var bits uint32
			bits, n = protowire.ConsumeFixed32(b)
			f.bits = uint64(bits)
		case protowire.Fixed64Type:
			f.bits, n = protowire.ConsumeFixed64(b)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(b)
		default: // groups, which ONNX has none of
			n = -1
		}
		if n < 0 {
			return errCut
		}
		b = b[n:]
		if err := each(f); err != nil {
			return err
		}
	}
	return nil
}

// is checks the type of a field.
func (f field) is(kind protowire.Type) error {
	if f.kind != kind {
		return fmt.Errorf("field %d is not of the type that ONNX gives it", f.number)
	}
	return nil
}

func (f field) text(to *string) error {
	*to = string(f.bytes)
	return f.is(protowire.BytesType)
}

func (f field) int64(to *int64) error {
	*to = int64(f.bits)
	return f.is(protowire.VarintType)
}

// message reads the field by the fields of a message of its own.
func (f field) message(each func(f field) error) error {
	if err := f.is(protowire.BytesType); err != nil {
		return err
	}
	return fields(f.bytes, each)
}

// repeated calls each for the numbers of a field, which may be packed.
func (f field) repeated(kind protowire.Type, each func(bits uint64)) error {
	if f.kind == kind {
		each(f.bits)
		return nil
	}
	if err := f.is(protowire.BytesType); err != nil {
		return err
	}
	for b := f.bytes; len(b) > 0; {
		bits, n := uint64(0), 0
		switch kind {
		case protowire.VarintType:
			bits, n = protowire.ConsumeVarint(b)
		case protowire.Fixed32Type:
			var short uint32
			short, n = protowire.ConsumeFixed32(b)
			bits = uint64(short)
		default:
			bits, n = protowire.ConsumeFixed64(b)
		}
		if n < 0 {
			return errCut
		}
		each(bits)
		b = b[n:]
	}
	return nil
}

// Messages are appended to b by these; what is empty or zero is left out, as it is by default.

func appendBytes(b []byte, number protowire.Number, data []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), data)
}

func appendText(b []byte, number protowire.Number, text string) []byte {
	if text == "" {
		return b
	}
	return protowire.AppendString(protowire.AppendTag(b, number, protowire.BytesType), text)
}

func appendTexts(b []byte, number protowire.Number, texts []string) []byte {
	for _, text := range texts {
		b = protowire.AppendString(protowire.AppendTag(b, number, protowire.BytesType), text)
	}
	return b
}

func appendInt(b []byte, number protowire.Number, x int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, number, protowire.VarintType), uint64(x))
}

func appendFloat(b []byte, number protowire.Number, x float32) []byte {
	return protowire.AppendFixed32(protowire.AppendTag(b, number, protowire.Fixed32Type), math.Float32bits(x))
}
