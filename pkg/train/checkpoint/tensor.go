package checkpoint

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"unsafe"
)

// DType names the element type of a tensor, as the safetensors format spells it.
type DType string

// The dtypes that can be written and read. Those that Go has no type for (F8 and BOOL) are plain bytes in Tensor.Data;
// BF16 are the upper halves of float32 numbers, F16 the bits of float16 numbers.
const (
	F64    DType = "F64"
	F32    DType = "F32"
	F16    DType = "F16"
	BF16   DType = "BF16"
	F8E4M3 DType = "F8_E4M3"
	F8E5M2 DType = "F8_E5M2"
	I64    DType = "I64"
	I32    DType = "I32"
	I16    DType = "I16"
	I8     DType = "I8"
	U64    DType = "U64"
	U32    DType = "U32"
	U16    DType = "U16"
	U8     DType = "U8"
	Bool   DType = "BOOL"
)

// Size returns the bytes of one element, or 0 for a dtype that is not known.
func (d DType) Size() int {
	switch d {
	case F64, I64, U64:
		return 8
	case F32, I32, U32:
		return 4
	case F16, BF16, I16, U16:
		return 2
	case F8E4M3, F8E5M2, I8, U8, Bool:
		return 1
	}
	return 0
}

// Tensor is one named array.
type Tensor struct {
	Name  string // unique in the file; UTF-8
	DType DType
	Shape []int  // row-major; empty for a scalar; a size may be 0
	Data  []byte // little endian, product of Shape times DType.Size bytes
}

// Number is a Go type that a tensor's elements can be.
type Number interface {
	float32 | float64 | int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64
}

// New returns a tensor over values, without copying them where the machine is little endian: values must not change
// before the tensor is written. Whether shape fits is checked by Write.
func New[T Number](name string, shape []int, values []T) Tensor {
	size := int(unsafe.Sizeof(*new(T)))
	t := Tensor{Name: name, DType: dtypeOf[T](), Shape: slices.Clone(shape)}
	if len(values) == 0 {
		return t
	}
	data := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), len(values)*size)
	if !littleEndian {
		data = swapped(data, size)
	}
	t.Data = data
	return t
}

// NewBF16 is New for the upper halves of float32 numbers.
func NewBF16(name string, shape []int, values []uint16) Tensor {
	t := New(name, shape, values)
	t.DType = BF16
	return t
}

// Values returns the elements of t. Where alignment and byte order allow, as they do for every tensor that Read
// returned on a little-endian machine, the result shares memory with t.Data. It is an error if t has another dtype.
func Values[T Number](t *Tensor) ([]T, error) {
	return valuesOf[T](t, dtypeOf[T]())
}

// BF16Values is Values for the upper halves of float32 numbers.
func BF16Values(t *Tensor) ([]uint16, error) { return valuesOf[uint16](t, BF16) }

// NewF16 is New for the bits of float16 numbers.
func NewF16(name string, shape []int, values []uint16) Tensor {
	t := New(name, shape, values)
	t.DType = F16
	return t
}

// F16Values is Values for the bits of float16 numbers.
func F16Values(t *Tensor) ([]uint16, error) { return valuesOf[uint16](t, F16) }

func valuesOf[T Number](t *Tensor, want DType) ([]T, error) {
	if t.DType != want {
		return nil, fmt.Errorf("tensor %q holds %s, not %s", t.Name, t.DType, want)
	}
	size := int(unsafe.Sizeof(*new(T)))
	if len(t.Data)%size != 0 {
		return nil, fmt.Errorf("tensor %q has %d bytes, not a multiple of %d", t.Name, len(t.Data), size)
	}
	if len(t.Data) == 0 {
		return nil, nil
	}
	start := unsafe.Pointer(unsafe.SliceData(t.Data))
	if littleEndian && uintptr(start)%unsafe.Alignof(*new(T)) == 0 {
		return unsafe.Slice((*T)(start), len(t.Data)/size), nil
	}
	out := make([]T, len(t.Data)/size)
	raw := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(out))), len(t.Data))
	if littleEndian {
		copy(raw, t.Data)
	} else {
		copy(raw, swapped(t.Data, size))
	}
	return out, nil
}

// bytes returns the bytes that t's dtype and shape ask for.
func (t *Tensor) bytes() (int64, error) {
	size := int64(t.DType.Size())
	if size == 0 {
		return 0, fmt.Errorf("tensor %q: unknown dtype %q", t.Name, t.DType)
	}
	empty := slices.Contains(t.Shape, 0)
	for _, n := range t.Shape {
		if n < 0 {
			return 0, fmt.Errorf("tensor %q: negative size in shape %v", t.Name, t.Shape)
		}
		if empty {
			continue
		}
		if size > math.MaxInt64/int64(n) {
			return 0, fmt.Errorf("tensor %q: shape %v is too large", t.Name, t.Shape)
		}
		size *= int64(n)
	}
	if empty {
		return 0, nil
	}
	return size, nil
}

var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// swapped returns a copy of data with the bytes of each element in reverse order.
func swapped(data []byte, size int) []byte {
	out := slices.Clone(data)
	for i := 0; i < len(out); i += size {
		slices.Reverse(out[i : i+size])
	}
	return out
}

func dtypeOf[T Number]() DType {
	switch any(*new(T)).(type) {
	case float64:
		return F64
	case float32:
		return F32
	case int64:
		return I64
	case int32:
		return I32
	case int16:
		return I16
	case int8:
		return I8
	case uint64:
		return U64
	case uint32:
		return U32
	case uint16:
		return U16
	}
	return U8
}
