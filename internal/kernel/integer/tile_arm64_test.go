//go:build !purego

package integer

import (
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/internal/kernel/kerneltest"
)

// TestTiles compares the tiles for processors with and without the dot product with the portable one.
func TestTiles(t *testing.T) {
	multiplied := func(f func(t tile, m int)) (all []float32) {
		active.tile = f
		for _, s := range [][3]int{{1, 1, 1}, {2, 3, 17}, {3, 64, 33}, {5, 15, 16}, {13, 70, 16}, {17, 133, 40}} {
			m, p := s[0], Product{N: s[2], K: s[1]}
			all = append(all, multiply(m, p, integers(m*p.K, 1), integers(p.N*p.K, 2))...)
		}
		return all
	}
	was := cpu.Variant()
	if err := cpu.Use(cpu.NEON); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := cpu.Use(was); err != nil {
			t.Fatal(err)
		}
	}()
	want := multiplied(tileGeneric)
	kerneltest.WantSame(t, "without", multiplied(tileNEON), want)
	if cpu.HasDotProduct() {
		kerneltest.WantSame(t, "with", multiplied(tileDotNEON), want)
	}
}
