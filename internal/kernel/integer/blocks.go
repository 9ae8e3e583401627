package integer

// Rows of numbers in blocks of 32, each with one scale: block by block 32 whole numbers of 8 bits, or 16 bytes with two numbers of
// 4 bits, from 0 to 15, of which 8 stands for 0. Byte j of a block has number j in its lower half and number j+16 in its upper half.
const (
	BlockSize    = 32
	BlockBytes4  = BlockSize / 2
	blockCentre4 = 8
)

// Blocks is how many blocks a row of so many numbers takes; the last may be part of one.
func Blocks(width int) int { return (width + BlockSize - 1) / BlockSize }

// DequantizeBlocks4 widens a row: each number less 8, times the scale of its block.
func DequantizeBlocks4(dst []float32, blocks []byte, scales []float32) {
	var block [BlockSize]float32
	for i := 0; len(dst) > 0; i++ {
		scale := scales[i]
		for j, b := range blocks[i*BlockBytes4 : (i+1)*BlockBytes4] {
			block[j] = float32(int(b&15)-blockCentre4) * scale
			block[j+BlockBytes4] = float32(int(b>>4)-blockCentre4) * scale
		}
		dst = dst[copy(dst, block[:]):]
	}
}

// DequantizeBlocks8 widens a row: each number times the scale of its block.
func DequantizeBlocks8(dst []float32, blocks []int8, scales []float32) {
	for i := 0; len(dst) > 0; i++ {
		n := min(BlockSize, len(dst))
		Dequantize(dst[:n], blocks[i*BlockSize:i*BlockSize+n], scales[i])
		dst = dst[n:]
	}
}
