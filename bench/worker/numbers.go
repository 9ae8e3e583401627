package worker

// Uniform is n numbers from [lo,hi), the same in every peer: a hash of index and seed.
func Uniform(n int, seed uint32, lo, hi float64) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(lo + (hi-lo)*unit(uint32(i), seed))
	}
	return x
}

// Classes is n classes from 0 to count-1, the same in every peer.
func Classes(n int, seed uint32, count int) []int32 {
	x := make([]int32, n)
	for i := range x {
		x[i] = int32(unit(uint32(i), seed) * float64(count))
	}
	return x
}

func unit(i, seed uint32) float64 {
	h := i*2654435761 + seed*2246822519 + 374761393
	h ^= h >> 15
	h *= 2246822519
	h ^= h >> 13
	h *= 3266489917
	h ^= h >> 16
	return float64(h>>8) / (1 << 24)
}

// MeanSquare is the figure by which results are compared.
func MeanSquare(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return sum / float64(len(x))
}
