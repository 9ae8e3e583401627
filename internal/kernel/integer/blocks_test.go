package integer

import (
	"slices"
	"testing"
)

func TestDequantizeBlocks(t *testing.T) {
	four := make([]byte, 2*BlockBytes4)
	four[0], four[15], four[16] = 0x0f, 0x98, 0xf0 // 7 and -8; 0 and 1; -8 and 7
	for i, b := range four {
		if b == 0 {
			four[i] = 0x88
		}
	}
	want := make([]float32, 33)
	want[0], want[16], want[31], want[32] = 3.5, -4, 0.5, -16
	got := make([]float32, 33)
	DequantizeBlocks4(got, four, []float32{0.5, 2})
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	eight := make([]int8, 2*BlockSize)
	eight[0], eight[31], eight[32] = 127, -127, 5
	clear(want)
	want[0], want[31], want[32] = 63.5, -63.5, 10
	DequantizeBlocks8(got, eight, []float32{0.5, 2})
	if !slices.Equal(got, want) || Blocks(33) != 2 || Blocks(32) != 1 {
		t.Errorf("%v, want %v", got, want)
	}
}
