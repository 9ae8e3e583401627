//go:build goexperiment.simd

package main

import "simd/archsimd"

// isa is what Go's vectors of the processor's own width may be: the backend asks no more than that.
func isa() string {
	if archsimd.X86.AVX512() {
		return "Go's vectors: up to AVX512"
	}
	return "Go's vectors: up to AVX2"
}
