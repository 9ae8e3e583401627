package scalar

// Lanes are the 64 accumulators that every sum over a vector uses: lane l takes
// the elements l, l+64, l+128, … in ascending order, starting from +0.
type Lanes [64]float32

// Sum folds the lanes by a fixed tree: lane l takes lane l+32, then l+16, 8, 4,
// 2, 1. (+0 never changes a lane, so a short tail needs no rule of its own.)
func (l *Lanes) Sum() float32 {
	for h := 32; h > 0; h /= 2 {
		for i := range h {
			l[i] += l[i+h]
		}
	}
	return l[0]
}
