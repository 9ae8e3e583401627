package random

import "math/bits"

// Stream is a counter-based generator: number i of a stream is a hash of (seed, stream, i), whatever was drawn before.
// The hash is the finalizer of SplitMix64 (Steele, Lea, Flood 2014), taken twice.
type Stream struct {
	key, count uint64
}

// New begins a stream of a seed.
func New(seed, stream uint64) *Stream { return &Stream{key: mix(mix(seed) ^ stream)} }

func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// next returns 64 random bits.
func (r *Stream) next() uint64 {
	r.count++
	return mix(r.key ^ mix(r.count))
}

// Below returns a whole number in [0, n), by the high half of a product (Lemire 2019, without its rejection).
func (r *Stream) Below(n int) int {
	high, _ := bits.Mul64(r.next(), uint64(n))
	return int(high)
}

// Uniform returns a number in [0, 1).
func (r *Stream) Uniform() float64 { return float64(r.next()>>11) / (1 << 53) }

// Normal returns a number of mean 0 and variance 1: the sum of twelve uniform ones less 6, which is close to a normal
// distribution, ends at ±6, and needs no function that differs from machine to machine.
func (r *Stream) Normal() float64 {
	sum := -6.0
	for range 12 {
		sum += r.Uniform()
	}
	return sum
}

// Shuffle puts rows into random order (Fisher and Yates).
func Shuffle(rows []int32, r *Stream) {
	for i := len(rows) - 1; i > 0; i-- {
		j := r.Below(i + 1)
		rows[i], rows[j] = rows[j], rows[i]
	}
}
