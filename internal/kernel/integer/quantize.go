package integer

import (
	"math"

	"dnn/internal/kernel/scalar"
)

// Scale is the scale of numbers whose largest magnitude is given, as AbsMax finds it.
func Scale(largest float32) float32 { return largest / 127 }

// inverse is what numbers of a scale are multiplied by.
func inverse(scale float32) float32 {
	if scale == 0 {
		return 0
	}
	return 1 / scale
}

// AbsMax is the largest magnitude in x, NaN if it holds a NaN or an infinity, and 0 if it is empty.
func AbsMax(x []float32) float32 {
	most := active.absMax(x)
	if most >= 0x7f800000 {
		return float32(math.NaN())
	}
	return math.Float32frombits(most)
}

// absMaxGeneric is the largest of the magnitudes' bits: those of a NaN are above those of an infinity, above all others.
func absMaxGeneric(x []float32) (most uint32) {
	for _, v := range x {
		most = max(most, math.Float32bits(v)&^(1<<31))
	}
	return most
}

// Quantize is dst = x·(1/scale), rounded to even, within ±127, and 0 for a NaN.
func Quantize(dst []int8, x []float32, scale float32) {
	inv := inverse(scale)
	for i, v := range x {
		dst[i] = int8(quantize(v, inv))
	}
}

// quantize is the integer of one number.
func quantize(x, inv float32) int {
	v := float32(x * inv)
	if v != v {
		return 0
	}
	return int(math.RoundToEven(float64(scalar.Clip(v, -127, 127))))
}

// Dequantize is dst = x·scale.
func Dequantize(dst []float32, x []int8, scale float32) {
	for i, v := range x {
		dst[i] = float32(v) * scale
	}
}

// toBytesGeneric quantizes to bytes, whose bits flip flips, four times the same. It returns not 0 if one has the highest bit.
func toBytesGeneric(dst []byte, x []float32, inv float32, flip uint32) (any uint32) {
	for i, v := range x {
		dst[i] = byte(quantize(v, inv)) ^ byte(flip)
		any |= uint32(dst[i] & 0x80)
	}
	return any
}

// toWordsGeneric quantizes to 16 bits.
func toWordsGeneric(dst []int16, x []float32, inv float32) {
	for i, v := range x {
		dst[i] = int16(quantize(v, inv))
	}
}

// toFloatsGeneric quantizes to whole numbers in float32.
func toFloatsGeneric(dst, x []float32, inv float32) {
	for i, v := range x {
		dst[i] = float32(quantize(v, inv))
	}
}

// quantize writes x to dst in the layout, as many numbers as there are in x. What it returns is 0 if they are pairs, and none
// is negative.
func (l layout) quantize(dst []byte, x []float32, scale float32) uint32 {
	switch l {
	case bytes:
		return active.toBytes(dst[:len(x)], x, inverse(scale), 0x80808080)
	case pairs:
		return active.toBytes(dst[:len(x)], x, inverse(scale), 0)
	case wholes:
		active.toFloats(floatsOf(dst)[:len(x)], x, inverse(scale))
		return 1
	}
	active.toWords(shortsOf(dst)[:len(x)], x, inverse(scale))
	return 1
}

// scale is the given one, or that of x where none is.
func scaleOf(x []float32, given float32) float32 {
	if given != 0 {
		return given
	}
	return Scale(AbsMax(x))
}
