package onnx

import (
	"encoding/binary"
	"fmt"
	"math"

	"dnn/internal/phrase"
)

// Tensor is an array of numbers or texts.
type Tensor struct {
	Name    string
	Type    Type
	Shape   []int
	Data    []byte   // little-endian, row by row; elements of four bits are packed, the first in the lower half
	Strings []string // of Type String
}

// New makes a tensor of the elements of x; a scalar has no shape.
func New[T float32 | int64 | int32 | int8 | uint8 | bool | string](name string, x []T, shape ...int) *Tensor {
	t := &Tensor{Name: name, Shape: shape}
	switch x := any(x).(type) {
	case []float32:
		t.Type, t.Data = Float32, make([]byte, 0, 4*len(x))
		for _, v := range x {
			t.Data = binary.LittleEndian.AppendUint32(t.Data, math.Float32bits(v))
		}
	case []int64:
		t.Type = Int64
		for _, v := range x {
			t.Data = binary.LittleEndian.AppendUint64(t.Data, uint64(v))
		}
	case []int32:
		t.Type = Int32
		for _, v := range x {
			t.Data = binary.LittleEndian.AppendUint32(t.Data, uint32(v))
		}
	case []int8:
		t.Type, t.Data = Int8, make([]byte, len(x))
		for i, v := range x {
			t.Data[i] = byte(v)
		}
	case []uint8:
		t.Type, t.Data = Uint8, x
	case []bool:
		t.Type, t.Data = Bool, make([]byte, len(x))
		for i, v := range x {
			if v {
				t.Data[i] = 1
			}
		}
	case []string:
		t.Type, t.Strings = String, x
	}
	if n, err := count(shape); err != nil || n != len(x) {
		panic(fmt.Sprintf("onnx: internal error: tensor %s of shape %v has %d elements", name, shape, len(x)))
	}
	return t
}

// count is how many elements a shape has.
func count(shape []int) (int, error) {
	n, empty := 1, false
	for _, d := range shape {
		switch {
		case d < 0:
			return 0, fmt.Errorf("has a negative size: %v", shape)
		case d == 0:
			empty = true
		case n > math.MaxInt/64/d: // an element has at most 16 bytes
			return 0, fmt.Errorf("is too large: %v", shape)
		default:
			n *= d
		}
	}
	if empty {
		return 0, nil
	}
	return n, nil
}

// Elements is how many elements the tensor has.
func (t *Tensor) Elements() int {
	n, err := count(t.Shape)
	if err != nil {
		panic("onnx: internal error: " + err.Error()) // was checked when it was read
	}
	return n
}

// check compares the shape with what the tensor holds.
func (t *Tensor) check() error {
	n, err := count(t.Shape)
	if err != nil {
		return err
	}
	if _, known := types[t.Type]; !known {
		return fmt.Errorf("has elements of an unknown %s", t.Type)
	}
	if t.Type == String {
		if n != len(t.Strings) {
			return fmt.Errorf("of shape %v holds %s instead of %d", t.Shape, phrase.Count(len(t.Strings), "text"), n)
		}
		return nil
	}
	if expected := t.Type.bytes(n); len(t.Data) != expected {
		return fmt.Errorf("of shape %v and type %s holds %s instead of %d", t.Shape, t.Type, phrase.Count(len(t.Data), "byte"), expected)
	}
	return nil
}

// Floats are the elements of a tensor of floating-point numbers.
func (t *Tensor) Floats() ([]float32, error) {
	x := make([]float32, t.Elements())
	switch t.Type {
	case Float32:
		for i := range x {
			x[i] = math.Float32frombits(binary.LittleEndian.Uint32(t.Data[4*i:]))
		}
	case Float64:
		for i := range x {
			x[i] = float32(math.Float64frombits(binary.LittleEndian.Uint64(t.Data[8*i:])))
		}
	case Float16:
		for i := range x {
			x[i] = half(binary.LittleEndian.Uint16(t.Data[2*i:]))
		}
	case BFloat16:
		for i := range x {
			x[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(t.Data[2*i:])) << 16)
		}
	default:
		return nil, fmt.Errorf("tensor %s has elements of type %s, not floating-point numbers", phrase.Quote(t.Name), t.Type)
	}
	return x, nil
}

// half is the number of 16 bits: a sign, five bits of exponent, ten of mantissa.
func half(b uint16) float32 {
	sign, exponent, mantissa := uint32(b>>15)<<31, uint32(b>>10)&31, uint32(b)&1023
	switch exponent {
	case 0: // mantissa * 2^-24, exactly
		return math.Float32frombits(sign | math.Float32bits(float32(mantissa)*0x1p-24))
	case 31:
		return math.Float32frombits(sign | 0xff<<23 | mantissa<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | mantissa<<13)
}

// Ints are the elements of a tensor of integers or booleans.
func (t *Tensor) Ints() ([]int64, error) {
	var at func(i int) int64
	order := binary.LittleEndian
	switch t.Type {
	case Int64, Uint64:
		at = func(i int) int64 { return int64(order.Uint64(t.Data[8*i:])) }
	case Int32:
		at = func(i int) int64 { return int64(int32(order.Uint32(t.Data[4*i:]))) }
	case Uint32:
		at = func(i int) int64 { return int64(order.Uint32(t.Data[4*i:])) }
	case Int16:
		at = func(i int) int64 { return int64(int16(order.Uint16(t.Data[2*i:]))) }
	case Uint16:
		at = func(i int) int64 { return int64(order.Uint16(t.Data[2*i:])) }
	case Int8:
		at = func(i int) int64 { return int64(int8(t.Data[i])) }
	case Uint8, Bool:
		at = func(i int) int64 { return int64(t.Data[i]) }
	case Int4:
		at = func(i int) int64 { return int64(int8(t.Data[i/2]<<(4*(1-i%2))) >> 4) }
	case Uint4:
		at = func(i int) int64 { return int64(t.Data[i/2] >> (4 * (i % 2)) & 15) }
	default:
		return nil, fmt.Errorf("tensor %s has elements of type %s, not integers", phrase.Quote(t.Name), t.Type)
	}
	x := make([]int64, t.Elements())
	for i := range x {
		x[i] = at(i)
	}
	return x, nil
}
