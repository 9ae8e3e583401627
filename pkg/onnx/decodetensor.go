package onnx

import (
	"encoding/binary"
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"dnn/internal/phrase"
)

// stored is how a tensor lies in a file: its bytes as they are, numbers of a list, or a part of another file.
type stored struct {
	raw      []byte
	isRaw    bool
	numbers  []field
	external []Property
	location int64
}

func (r *reader) tensor(f field, list *[]*Tensor) error {
	t, s := &Tensor{}, stored{}
	err := f.message(func(f field) error { return r.tensorPart(f, t, &s) })
	if err == nil {
		err = r.fill(t, &s)
	}
	if err == nil {
		err = t.check()
	}
	if err != nil {
		return fmt.Errorf("tensor %s: %w", phrase.Quote(t.Name), err)
	}
	*list = append(*list, t)
	return r.part()
}

func (r *reader) tensorPart(f field, t *Tensor, s *stored) error {
	switch f.number {
	case 1:
		return f.repeated(protowire.VarintType, func(bits uint64) { t.Shape = append(t.Shape, int(int64(bits))) })
	case 2:
		var x int64
		err := f.int64(&x)
		t.Type = Type(x)
		return err
	case 3:
		return errors.New("is a segment of one, which is not supported")
	case listFloat, listInt32, listInt64, listFloat64, listUint64:
		s.numbers = append(s.numbers, f)
		return r.part()
	case 6:
		return r.texts(f, &t.Strings)
	case 8:
		return f.text(&t.Name)
	case 9:
		s.raw, s.isRaw = f.bytes, true
		return f.is(protowire.BytesType)
	case 13:
		return r.property(f, &s.external)
	case 14:
		return f.int64(&s.location)
	}
	return nil
}

// The fields with numbers of a type.
const (
	listFloat   protowire.Number = 4
	listInt32   protowire.Number = 5
	listInt64   protowire.Number = 7
	listFloat64 protowire.Number = 10
	listUint64  protowire.Number = 11
)

// list is the field that has a type's numbers, and how they are written.
func (t Type) list() (protowire.Number, protowire.Type) {
	switch t {
	case Float32, Complex64:
		return listFloat, protowire.Fixed32Type
	case Float64, Complex128:
		return listFloat64, protowire.Fixed64Type
	case Int64:
		return listInt64, protowire.VarintType
	case Uint32, Uint64:
		return listUint64, protowire.VarintType
	}
	return listInt32, protowire.VarintType
}

// fill gives a tensor its data from wherever they lie.
func (r *reader) fill(t *Tensor, s *stored) (err error) {
	if s.location == 1 {
		t.Data, err = r.from.read(s.external)
		return err
	}
	if s.isRaw {
		t.Data = s.raw
		if len(s.numbers) > 0 || t.Type == String {
			return errors.New("has bytes as well as numbers or texts")
		}
		return nil
	}
	list, kind := t.Type.list()
	bits := min(max(types[t.Type].bits, 8), 64)
	if t.Type == Complex64 {
		bits = 32
	}
	for _, f := range s.numbers {
		if f.number != list || t.Type == String {
			return fmt.Errorf("has numbers that are not of its type %s", t.Type)
		}
		if err := f.repeated(kind, func(x uint64) { t.Data = appendElement(t.Data, bits, x) }); err != nil {
			return err
		}
	}
	return nil
}

// appendElement adds a number of so many bits.
func appendElement(data []byte, bits int, x uint64) []byte {
	switch bits {
	case 8:
		return append(data, byte(x))
	case 16:
		return binary.LittleEndian.AppendUint16(data, uint16(x))
	case 32:
		return binary.LittleEndian.AppendUint32(data, uint32(x))
	}
	return binary.LittleEndian.AppendUint64(data, x)
}

func appendTensor(b []byte, t *Tensor) []byte {
	for _, d := range t.Shape {
		b = appendInt(b, 1, int64(d))
	}
	b = appendInt(b, 2, int64(t.Type))
	b = appendText(b, 8, t.Name)
	if t.Type == String {
		return appendTexts(b, 6, t.Strings)
	}
	return appendBytes(b, 9, t.Data)
}
