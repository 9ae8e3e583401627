package augment

import (
	"math"
	"math/bits"

	"dnn/internal/exact"
)

// streamAugment keeps these draws apart from others of the same seed.
const streamAugment = 4 << 32

// Random draws the numbers for one augmentation of one picture: number i is a hash of (seed, epoch, row, place, i). The
// hash is the finalizer of SplitMix64 (Steele, Lea, Flood 2014), taken once for each.
type Random struct {
	key, count uint64
}

// NewRandom begins the draws for a row of the training part and a place in the list of augmentations.
func NewRandom(seed, epoch uint64, row, place int) Random {
	key := hash(seed) ^ streamAugment
	key = hash(key) ^ epoch
	key = hash(key) ^ uint64(row)
	return Random{key: hash(hash(key) ^ uint64(place))}
}

func hash(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (r *Random) next() uint64 {
	r.count++
	return hash(r.key ^ hash(r.count))
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

// normal returns a number of mean 0 and variance 1: the sum of twelve uniform ones less 6, each of 16 bits, which is close
// to a normal distribution and ends at ±6.
func (r *Random) normal() float64 {
	sum := uint64(0)
	for range 3 {
		four := r.next()
		two := four&0x0000ffff0000ffff + four>>16&0x0000ffff0000ffff
		sum += two&0xffffffff + two>>32
	}
	return (float64(sum) - 12*32767.5) / 65536
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
