package tensors

import (
	"encoding/binary"
	"errors"
	"math"
)

// number is how numbers lie in a file.
type number struct {
	kind byte // f: floating point, b: bfloat16, i: whole with a sign, u: whole without
	size int  // bytes
	big  bool // most significant byte first
}

// numbers are those of types by the names that safetensors has for them.
var numbers = map[string]number{
	"F64": {kind: 'f', size: 8}, "F32": {kind: 'f', size: 4}, "F16": {kind: 'f', size: 2}, "BF16": {kind: 'b', size: 2},
	"I64": {kind: 'i', size: 8}, "I32": {kind: 'i', size: 4}, "I16": {kind: 'i', size: 2}, "I8": {kind: 'i', size: 1},
	"U64": {kind: 'u', size: 8}, "U32": {kind: 'u', size: 4}, "U16": {kind: 'u', size: 2}, "U8": {kind: 'u', size: 1},
	"BOOL": {kind: 'u', size: 1},
}

// whole reports whether they are whole.
func (n number) whole() bool { return n.kind == 'i' || n.kind == 'u' }

// floats reads them.
func (n number) floats(b []byte) []float32 {
	x := make([]float32, len(b)/n.size)
	for i := range x {
		x[i] = n.float(b[i*n.size:])
	}
	return x
}

func (n number) float(b []byte) float32 {
	var order binary.ByteOrder = binary.LittleEndian
	if n.big {
		order = binary.BigEndian
	}
	var bits uint64
	switch n.size {
	case 1:
		bits = uint64(b[0])
	case 2:
		bits = uint64(order.Uint16(b))
	case 4:
		bits = uint64(order.Uint32(b))
	default:
		bits = order.Uint64(b)
	}
	switch {
	case n.kind == 'u':
		return float32(bits)
	case n.kind == 'i':
		shift := 64 - 8*n.size
		return float32(int64(bits<<shift) >> shift)
	case n.kind == 'b':
		return math.Float32frombits(uint32(bits) << 16)
	case n.size == 8:
		return float32(math.Float64frombits(bits))
	case n.size == 4:
		return math.Float32frombits(uint32(bits))
	}
	return half(uint16(bits))
}

// half is a number of IEEE 754's half precision.
func half(bits uint16) float32 {
	exponent, fraction := uint32(bits>>10&31), uint32(bits&1023)
	sign := uint32(bits>>15) << 31
	switch {
	case exponent == 31:
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	case exponent == 0:
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)/(1<<24)))
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}

var errTooLarge = errors.New("declares a shape that is too large")

// sizeOf is the product of a shape.
func sizeOf(shape []int) (int, error) {
	n := 1
	for _, d := range shape {
		if d < 0 || d > 0 && n > math.MaxInt32*64/d {
			return 0, errTooLarge
		}
		n *= max(1, d)
	}
	for _, d := range shape {
		if d == 0 {
			return 0, nil
		}
	}
	return n, nil
}
