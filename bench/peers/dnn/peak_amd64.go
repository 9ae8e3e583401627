package main

import "golang.org/x/sys/cpu"

// fma512 and fma256 do n rounds of twelve independent x = x·a + b on 16 and on 8 numbers at once.

//go:noescape
func fma512(n int)

//go:noescape
func fma256(n int)

// peakLoop is the loop of the widest registers that the processor has, and the operations of a round.
func peakLoop() (spin func(n int), flops float64) {
	switch {
	case cpu.X86.HasAVX512F:
		return fma512, 12 * 16 * 2
	case cpu.X86.HasFMA && cpu.X86.HasAVX2:
		return fma256, 12 * 8 * 2
	}
	return nil, 0
}
