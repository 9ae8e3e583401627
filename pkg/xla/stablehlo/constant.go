package stablehlo

import (
	"encoding/binary"
	"encoding/hex"
	"math"

	"dnn/pkg/graph"
)

func bits32(x float64) uint32 { return math.Float32bits(float32(x)) }
func bits64(x float64) uint64 { return math.Float64bits(x) }

// floats is a constant of float32.
func (e *emitter) floats(x []float32, shape ...int) val {
	return constant(e, typ{"f32", shape}, x, func(b []byte, v float32) []byte {
		return binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	})
}

// constant writes numbers by their bytes, and one number for all where they are equal.
func constant[T comparable](e *emitter, t typ, x []T, put func(b []byte, v T) []byte) val {
	y := e.fresh(t)
	if len(x) == 0 {
		e.line("%s = stablehlo.constant dense<> : %v", y.name, t)
		return y
	}
	alike := true
	for _, v := range x {
		alike = alike && v == x[0]
	}
	if alike {
		x = x[:1]
	}
	var b []byte
	for _, v := range x {
		b = put(b, v)
	}
	e.line("%s = stablehlo.constant dense<\"0x%s\"> : %v", y.name, hex.EncodeToString(b), t)
	return y
}

// words is a constant of integers without a sign.
func (e *emitter) words(x []uint32, shape ...int) val {
	return constant(e, typ{"ui32", shape}, x, binary.LittleEndian.AppendUint32)
}

// longs is a whole number of 64 bits.
func (e *emitter) longs(x uint64) val {
	return constant(e, typ{"ui64", graph.Shape{}}, []uint64{x}, binary.LittleEndian.AppendUint64)
}

// doubles is a constant of float64.
func (e *emitter) doubles(x []float64, shape ...int) val {
	return constant(e, typ{"f64", shape}, x, func(b []byte, v float64) []byte {
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	})
}

// iota is the numbers 0, 1, … along an axis of a shape.
func (e *emitter) iota(elem string, shape graph.Shape, axis int) val {
	y := e.fresh(typ{elem, shape})
	e.line("%s = stablehlo.iota dim = %d : %v", y.name, axis, y.typ)
	return y
}
