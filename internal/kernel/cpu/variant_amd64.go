//go:build amd64 && !purego

package cpu

import "golang.org/x/sys/cpu"

// assembly lists the assembly variants that this CPU can run.
func assembly() []string {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA || !cpu.X86.HasBMI2 {
		return nil
	}
	if !cpu.X86.HasAVX512F || !cpu.X86.HasAVX512VL {
		return []string{AVX2}
	}
	return []string{AVX2, AVX512}
}

func init() {
	Add(AVX2, func() { active.fmaLoopFlops = 2 * 12 * 8 })
	Add(AVX512, func() { active.fmaLoopFlops = 2 * 24 * 16 })
}
