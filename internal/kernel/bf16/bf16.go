// Package bf16 rounds to bfloat16 numbers and back: the upper halves of float32, as wide a range, with 8 bits of precision,
// kept as uint16.
package bf16

import (
	"math"
	"unsafe"

	"dnn/internal/kernel/rand"
)

// Round rounds x to the nearest bfloat16 numbers, ties to even. A NaN stays one, with its sign and the upper bits of its payload.
func Round(dst []uint16, x []float32) {
	dst = dst[:len(x)]
	n := whole(len(x))
	if n > 0 {
		active.round(dst[:n], x[:n])
	}
	roundGeneric(dst[n:], x[n:])
}

// Widen widens bfloat16 numbers, which is exact.
func Widen(dst []float32, x []uint16) {
	dst = dst[:len(x)]
	n := whole(len(x))
	if n > 0 {
		active.widen(dst[:n], x[:n])
	}
	widenGeneric(dst[n:], x[n:])
}

// RoundRandomly rounds each number of x to one of its two neighbours, to the nearer one with the higher probability, so that the
// result is right on average: what is added to a number bit by bit, each far less than half of its last bit, is not lost. Numbers
// beyond the largest become that, infinities and NaN stay. The draws are those of rand.Bits for elements offset, offset+1, …
// scratch is as long as x; up to the next multiple of 64, no draw is made alone.
func RoundRandomly(dst []uint16, x, scratch []float32, seed, stream, step uint64, offset int) {
	if len(x) == 0 {
		return
	}
	dst = dst[:len(x)]
	room := max(len(x), min(len(scratch), (len(x)+63)&^63))
	draws := unsafe.Slice((*uint32)(unsafe.Pointer(&scratch[:room][0])), room)
	rand.Bits(draws, seed, stream, step, offset)
	n := whole(len(x))
	if n > 0 {
		active.roundRandomly(dst[:n], x[:n], draws[:n])
	}
	roundRandomlyGeneric(dst[n:], x[n:], draws[n:len(x)])
}

// whole is the part of n elements that loops in assembly take: a multiple of 32.
func whole(n int) int { return n &^ 31 }

func roundGeneric(dst []uint16, x []float32) {
	for i, v := range x {
		b := math.Float32bits(v)
		if b&0x7fffffff > 0x7f800000 {
			dst[i] = uint16(b>>16) | 0x40 // quiet, and never an infinity
			continue
		}
		dst[i] = uint16((b + 0x7fff + b>>16&1) >> 16)
	}
}

func widenGeneric(dst []float32, x []uint16) {
	for i, v := range x {
		dst[i] = math.Float32frombits(uint32(v) << 16)
	}
}

func roundRandomlyGeneric(dst []uint16, x []float32, draws []uint32) {
	for i, v := range x {
		b := math.Float32bits(v)
		switch size := b & 0x7fffffff; {
		case size > 0x7f800000:
			dst[i] = uint16(b>>16) | 0x40
		case size == 0x7f800000:
			dst[i] = uint16(b >> 16)
		default:
			dst[i] = uint16(min(size+draws[i]>>16, 0x7f7fffff)>>16 | b>>31<<15)
		}
	}
}
