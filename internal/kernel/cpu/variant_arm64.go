//go:build !purego

package cpu

import "golang.org/x/sys/cpu"

// assembly is NEON: every processor of this kind has it.
func assembly() []string { return []string{NEON} }

// HasDotProduct reports whether NEON has sums of four products of 8-bit integers.
func HasDotProduct() bool { return cpu.ARM64.HasASIMDDP }

func init() { Add(NEON, func() { active.fmaLoopFlops = 2 * 24 * 4 }) }
