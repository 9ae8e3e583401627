package graph

import (
	"math"
	"unsafe"
)

// Buffer is a value's storage in a compiled program, as its elements: the one of the value's type is set. Views are made once,
// when a program is compiled, and kernels index them.
type Buffer struct {
	F []float32 // F32
	I []int32   // I32
	H []uint16  // BF16: the upper halves of float32 numbers
	S []int8    // I8
	U []uint8   // U8
}

// BufferOf views memory as elements of a type. It must be aligned to their size; what is left over at its end is not in the view.
func BufferOf(d DType, memory []byte) (b Buffer) {
	switch d {
	case F32:
		b.F = elements[float32](memory)
	case I32:
		b.I = elements[int32](memory)
	case BF16:
		b.H = elements[uint16](memory)
	case I8:
		b.S = elements[int8](memory)
	case U8:
		b.U = memory
	}
	return b
}

func elements[T any](memory []byte) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(memory))), len(memory)/int(unsafe.Sizeof(*new(T))))
}

// BytesOf views numbers as the memory they lie in.
func BytesOf[T float32 | int32 | uint16 | int8 | uint8](x []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x)*int(unsafe.Sizeof(*new(T))))
}

// Len is the number of elements.
func (b Buffer) Len() int { return len(b.F) + len(b.I) + len(b.H) + len(b.S) + len(b.U) }

// Floats are the elements as float32: the storage itself where it holds such, a copy of BF16, nil for integers.
func (b Buffer) Floats() []float32 {
	if b.H == nil {
		return b.F
	}
	x := make([]float32, len(b.H))
	for i, h := range b.H {
		x[i] = math.Float32frombits(uint32(h) << 16)
	}
	return x
}
