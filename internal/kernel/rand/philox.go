// Package rand draws numbers by counters, and drops by them.
package rand

import "math/bits"

// Random draws are functions of (seed, stream, step, index) and of nothing else:
// Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2,
// 3") under a key made of seed and stream, with the counter (block, step). Cuts
// of a range, threads and variants therefore cannot change them.
//
// A block gives four words. The 64 elements of group i/64 take the words of 16
// blocks in the order that suits vectors: element i has word (i%64)/16 of block
// 16·(i/64) + i%16.

const (
	philoxM0 = 0xd2511f53
	philoxM1 = 0xcd9e8d57
	philoxW0 = 0x9e3779b9
	philoxW1 = 0xbb67ae85
)

// philox is what a stream of draws holds fixed.
type philox struct {
	key  uint64
	step uint64
}

func newPhilox(seed, stream, step uint64) philox {
	return philox{key: Mix(seed ^ Mix(stream+0x9e3779b97f4a7c15)), step: step}
}

// Mix is the finalizer of SplitMix64 (Steele et al. 2014), a bijection.
func Mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// block returns the four words of a block.
func (p philox) block(n uint64) [4]uint32 {
	c := [4]uint32{uint32(n), uint32(n >> 32), uint32(p.step), uint32(p.step >> 32)}
	k0, k1 := uint32(p.key), uint32(p.key>>32)
	for range 10 {
		h0, l0 := bits.Mul32(philoxM0, c[0])
		h1, l1 := bits.Mul32(philoxM1, c[2])
		c = [4]uint32{h1 ^ c[1] ^ k0, l1, h0 ^ c[3] ^ k1, l0}
		k0 += philoxW0
		k1 += philoxW1
	}
	return c
}

// at returns the draw of element i.
func (p philox) at(i int) uint32 {
	return p.block(uint64(i)/64*16 + uint64(i)%16)[i%64/16]
}

// group writes the 64 draws of a group.
func (p philox) group(w *[64]uint32, n uint64) {
	for i := range 16 {
		b := p.block(n*16 + uint64(i))
		w[i], w[16+i], w[32+i], w[48+i] = b[0], b[1], b[2], b[3]
	}
}

// wholeGroups returns the part [head,body) of n elements from offset on that
// consists of whole groups of 64.
func wholeGroups(offset, n int) (head, body int) {
	head = min((64-offset%64)%64, n)
	return head, head + (n-head)&^63
}
