package dataset

import "math/bits"

// random is a counter-based generator: number i of a stream is a hash of (seed, stream, i), whatever was drawn before.
// The hash is the finalizer of SplitMix64 (Steele, Lea, Flood 2014), taken twice.
type random struct {
	key, count uint64
}

func newRandom(seed, stream uint64) *random { return &random{key: mix(mix(seed) ^ stream)} }

func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// next returns 64 random bits.
func (r *random) next() uint64 {
	r.count++
	return mix(r.key ^ mix(r.count))
}

// below returns a whole number in [0, n), by the high half of a product (Lemire 2019, without its rejection).
func (r *random) below(n int) int {
	high, _ := bits.Mul64(r.next(), uint64(n))
	return int(high)
}

// uniform returns a number in [0, 1).
func (r *random) uniform() float64 { return float64(r.next()>>11) / (1 << 53) }

// normal returns a number of mean 0 and variance 1: the sum of twelve uniform ones less 6, which is close to a normal
// distribution, ends at ±6, and needs no function that differs from machine to machine.
func (r *random) normal() float64 {
	sum := -6.0
	for range 12 {
		sum += r.uniform()
	}
	return sum
}

// shuffle puts rows into random order (Fisher and Yates).
func shuffle(rows []int32, r *random) {
	for i := len(rows) - 1; i > 0; i-- {
		j := r.below(i + 1)
		rows[i], rows[j] = rows[j], rows[i]
	}
}
