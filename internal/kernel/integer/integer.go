// Package integer multiplies matrices and convolves images in 8-bit integers, for nets whose weights are kept so.
//
// Numbers are symmetric, in [-127, 127], and stand for themselves times a scale. Weights have a scale for each output.
// What they meet, float32, is quantized on the way: with a scale that is given, or with one for each row of a product and
// each image of a convolution, the largest magnitude / 127. Sums are integers of 32 bits, which are exact in any order up
// to MaxK products, so all variants give the same bits:
//
//	q = x·(1/scale) rounded to even, within ±127; 0 for a NaN
//	y = float32(Σ q·w)·(scale·ws) + bias
//
// in float32, each operation rounded. A row that holds a NaN or an infinity has the scale NaN, so its results are NaN.
//
// Weights are packed once, what they meet is quantized, and then tiles are computed. Memory of either is counted in float32,
// and must be read by the variant of the kernels that has filled it.
package integer

import (
	"unsafe"

	"dnn/internal/kernel/gemm"
)

// MaxK is how many products of two numbers in ±127 a sum of 32 bits holds.
const MaxK = (1<<31 - 1) / (127 * 127)

// A layout is how numbers lie where tiles read them: several that follow each other in a sum together in 32 bits.
type layout uint8

const (
	bytes  layout = iota // four: x + 128 without a sign, and w with one
	pairs                // four, both with a sign
	words                // two of 16 bits
	wholes               // one, in float32
)

// group is how many numbers lie in 32 bits.
func (l layout) group() int { return 4 / l.size() }

// size is that of a number in bytes.
func (l layout) size() int {
	switch l {
	case words:
		return 2
	case wholes:
		return 4
	}
	return 1
}

// zero is the byte that zeros are made of.
func (l layout) zero() byte {
	if l == bytes {
		return 0x80
	}
	return 0
}

// An Epilogue is what is done with sums: the scales of the outputs, an offset for each of them unless nil, and an activation.
type Epilogue struct {
	Scales, Bias []float32
	End          gemm.Epilogue // Act and Alpha alone
}

// floats is how many float32 hold so many bytes.
func floats(n int) int { return (n + 3) / 4 }

// bytesOf views scratch memory as bytes.
func bytesOf(x []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))
}

// intsOf views it as integers.
func intsOf(x []float32) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// floatsOf views bytes as float32.
func floatsOf(x []byte) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x)/4)
}

// shortsOf views bytes as integers of 16 bits.
func shortsOf(x []byte) []int16 {
	return unsafe.Slice((*int16)(unsafe.Pointer(unsafe.SliceData(x))), len(x)/2)
}
