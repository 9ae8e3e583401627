package onnx

import "fmt"

// Type is the type of a tensor's elements.
type Type int32

// The types by their numbers in files. Bytes of Float16 and the like are kept as they are.
const (
	Undefined  Type = 0
	Float32    Type = 1
	Uint8      Type = 2
	Int8       Type = 3
	Uint16     Type = 4
	Int16      Type = 5
	Int32      Type = 6
	Int64      Type = 7
	String     Type = 8
	Bool       Type = 9
	Float16    Type = 10
	Float64    Type = 11
	Uint32     Type = 12
	Uint64     Type = 13
	Complex64  Type = 14
	Complex128 Type = 15
	BFloat16   Type = 16
	Uint4      Type = 21
	Int4       Type = 22
)

// types are the names in ONNX's own spelling, and the bits of an element.
var types = map[Type]struct {
	name string
	bits int
}{
	Float32: {"float", 32}, Uint8: {"uint8", 8}, Int8: {"int8", 8}, Uint16: {"uint16", 16}, Int16: {"int16", 16}, Int32: {"int32", 32},
	Int64: {"int64", 64}, String: {"string", 0}, Bool: {"bool", 8}, Float16: {"float16", 16}, Float64: {"double", 64},
	Uint32: {"uint32", 32}, Uint64: {"uint64", 64}, Complex64: {"complex64", 64}, Complex128: {"complex128", 128},
	BFloat16: {"bfloat16", 16}, 17: {"float8e4m3fn", 8}, 18: {"float8e4m3fnuz", 8}, 19: {"float8e5m2", 8}, 20: {"float8e5m2fnuz", 8},
	Uint4: {"uint4", 4}, Int4: {"int4", 4}, 23: {"float4e2m1", 4}, 24: {"float8e8m0", 8}, 25: {"uint2", 2}, 26: {"int2", 2},
}

func (t Type) String() string {
	if k, ok := types[t]; ok {
		return k.name
	}
	return fmt.Sprintf("type %d", int32(t))
}

// bytes that n elements take.
func (t Type) bytes(n int) int {
	bits := types[t].bits
	if bits >= 8 {
		return n * (bits / 8)
	}
	return (n + 8/bits - 1) / (8 / bits)
}
