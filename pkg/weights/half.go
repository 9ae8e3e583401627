package weights

import (
	"math"

	"dnn/internal/kernel/bf16"
	"dnn/pkg/train/checkpoint"
)

// Narrow rounds numbers to the nearest ones that a type of 16 bits has, ties to even.
func Narrow(to checkpoint.DType, x []float32) []uint16 {
	half := make([]uint16, len(x))
	if to == checkpoint.BF16 {
		bf16.Round(half, x)
		return half
	}
	for i, v := range x {
		half[i] = toHalf(v)
	}
	return half
}

// Wide is numbers of 16 bits as float32, which is exact.
func Wide(from checkpoint.DType, dst []float32, half []uint16) {
	if from == checkpoint.BF16 {
		bf16.Widen(dst, half)
		return
	}
	for i, h := range half {
		dst[i] = fromHalf(h)
	}
}

// Round rounds numbers to those that a type of 16 bits has.
func Round(to checkpoint.DType, x []float32) { Wide(to, x, Narrow(to, x)) }

// A float16 has 1 bit for the sign, 5 for the exponent (with 15 added), and 10 of the fraction.
const (
	halfBits     = 10
	halfBias     = 15
	halfInfinity = 0x7c00
	halfNaN      = 0x7e00
)

// toHalf rounds. What is beyond the largest float16 becomes infinite.
func toHalf(x float32) uint16 {
	bits := math.Float32bits(x)
	sign, size := uint16(bits>>16&0x8000), math.Float32frombits(bits&0x7fffffff)
	switch {
	case x != x:
		return sign | halfNaN
	case size >= 65520: // the middle between the largest and what would follow
		return sign | halfInfinity
	case size < 0x1p-14: // a multiple of the smallest
		return sign | uint16(math.RoundToEven(float64(size)*0x1p24))
	}
	const drop = 23 - halfBits
	rest := bits & 0x7fffffff
	rest += 1<<(drop-1) - 1 + rest>>drop&1 // what is carried over raises the exponent
	return sign | uint16(rest>>drop-(127-halfBias)<<halfBits)
}

// fromHalf is exact.
func fromHalf(h uint16) float32 {
	sign, exponent, fraction := uint32(h&0x8000)<<16, uint32(h>>halfBits&31), uint32(h&(1<<halfBits-1))
	switch exponent {
	case 0:
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 31:
		return math.Float32frombits(sign | 0x7f800000 | fraction<<(23-halfBits))
	}
	return math.Float32frombits(sign | (exponent+127-halfBias)<<23 | fraction<<(23-halfBits))
}
