package augment

import (
	"math"
	"math/bits"

	"dnn/internal/exact"
)

// streamAugment keeps these draws apart from others of the same seed.
const streamAugment = 4 << 32

// Random draws the numbers for one augmentation of one image: SplitMix64 (Steele, Lea, Flood 2014), which hashes a
// counter, begun at a hash of (seed, epoch, row, place).
type Random struct {
	state uint64
}

// NewRandom begins the draws for a row of the training split and a place in the list of augmentations.
func NewRandom(seed, epoch uint64, row, place int) Random {
	key := hash(seed) ^ streamAugment
	key = hash(key) ^ epoch
	key = hash(key) ^ uint64(row)
	return Random{hash(hash(key) ^ uint64(place))}
}

const golden = 0x9e3779b97f4a7c15

func hash(x uint64) uint64 {
	x += golden
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (r *Random) next() uint64 {
	x := r.state
	r.state += golden
	return hash(x)
}

// Below returns a whole number in [0, n).
func (r *Random) Below(n int) int {
	high, _ := bits.Mul64(r.next(), uint64(n))
	return int(high)
}

// uniform returns a number in [0, 1).
func (r *Random) uniform() float64 { return float64(r.next()>>11) / (1 << 53) }

// between returns a number from lo to hi.
func (r *Random) between(lo, hi float64) float64 { return math.FMA(hi-lo, r.uniform(), lo) }

// ratio returns a number from lo to hi, both above 0, whose logarithm is uniform: half and double are equally likely.
func (r *Random) ratio(lo, hi float64) float64 {
	if lo == hi {
		return lo
	}
	return exact.Exp(r.between(exact.Log(lo), exact.Log(hi)))
}

// happens is true with a probability.
func (r *Random) happens(probability float64) bool { return r.uniform() < probability }

// normal returns a number of mean 0 and variance 1: the sum of sixteen even ones of eight bits each, shifted and scaled,
// which is close to a normal distribution and ends at ±6.9.
func (r *Random) normal() float64 {
	const (
		bytes     = 0x00ff00ff00ff00ff // every other one
		mean      = 16 * 127.5
		deviation = 295.6010825419961 // √(16·(256²−1)/12)
	)
	a, b := r.next(), r.next()
	four := a&bytes + a>>8&bytes + b&bytes + b>>8&bytes
	sum := int(four * 0x0001000100010001 >> 48)
	return (float64(sum) - mean) / deviation
}

// beta returns a number in [0, 1] from the distribution Beta(alpha, alpha).
func (r *Random) beta(alpha float64) float64 {
	if alpha > 1 { // the density is (4x(1−x))^(α−1) times a constant, and that is at most 1
		for {
			x := r.uniform()
			if room := 4 * x * (1 - x); room > 0 && r.uniform() < exact.Exp((alpha-1)*exact.Log(room)) {
				return x
			}
		}
	}
	for { // Jöhnk 1964: of u^(1/α) and v^(1/α) with a sum of at most 1, the share of the first; by logarithms
		u, v := exact.Log(1-r.uniform())/alpha, exact.Log(1-r.uniform())/alpha
		if exact.Exp(u)+exact.Exp(v) <= 1 {
			top := max(u, v)
			a, b := exact.Exp(u-top), exact.Exp(v-top)
			return a / (a + b)
		}
	}
}
