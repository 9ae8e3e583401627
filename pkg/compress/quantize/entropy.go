package quantize

import (
	"math"

	"dnn/internal/exact"
)

func init() {
	Methods.Register("entropy", "the least loss of information, by Kullback and Leibler", &Entropy{}).Also("kl", "kullback_leibler")
}

// Entropy cuts off where the distribution of the quantized values tells least from that of the values: of the sizes of values, the
// divergence of Kullback and Leibler is least between their histogram, with what is cut off added to its last bin, and that of
// 128 levels.
//
// Source: Migacz 2017, "8-bit inference with TensorRT".
type Entropy struct{}

// Cases are examples of it.
func (*Entropy) Cases() []string { return []string{"entropy"} }

// levels are those that sizes of values have in 8 bits.
const levels = 128

// Clip tries every fourth number of bins.
func (*Entropy) Clip(h *Histogram) float64 {
	best, least := h.Top, math.Inf(1)
	beyond := 0.0 // of the bins from i on
	for i := len(h.Counts); i >= levels; i -= 4 {
		if i < len(h.Counts) {
			for _, n := range h.Counts[i : i+4] {
				beyond += n
			}
		}
		if d := divergence(h.Counts[:i], beyond); d < least {
			best, least = h.edge(i-1), d
		}
	}
	return best
}

// divergence is that of the distribution of 128 levels from that of the bins, of which the last has all that is cut off, too.
func divergence(counts []float64, beyond float64) float64 {
	p, q := make([]float64, len(counts)), make([]float64, len(counts))
	copy(p, counts)
	p[len(p)-1] += beyond
	for level := range levels {
		from, to := level*len(counts)/levels, (level+1)*len(counts)/levels
		sum, filled := 0.0, 0.0
		for i := from; i < to; i++ {
			if sum += counts[i]; p[i] > 0 {
				filled++
			}
		}
		for i := from; i < to; i++ {
			if p[i] > 0 {
				q[i] = sum / filled
			}
		}
	}
	normalize(p)
	if !normalize(q) {
		return math.Inf(1)
	}
	sum := 0.0
	for i, x := range p {
		switch {
		case x > 0 && q[i] == 0:
			return math.Inf(1)
		case x > 0:
			sum += float64(x * exact.Log(x/q[i]))
		}
	}
	return sum
}

// normalize divides by the sum; false where that is 0.
func normalize(x []float64) bool {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	for i := range x {
		x[i] /= sum
	}
	return sum > 0
}
