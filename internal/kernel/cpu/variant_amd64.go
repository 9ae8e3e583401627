//go:build amd64 && !purego

package cpu

import "golang.org/x/sys/cpu"

// assembly lists the assembly variants that this CPU can run.
func assembly() []string {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA || !cpu.X86.HasBMI2 {
		return nil
	}
	list := []string{AVX2}
	if cpu.X86.HasAVXVNNI {
		list = append(list, AVXVNNI)
	}
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512VL {
		list = append(list, AVX512)
	}
	return list
}

// HasAVX512VNNI reports whether AVX512 has products of 8-bit integers.
func HasAVX512VNNI() bool { return cpu.X86.HasAVX512VNNI }

func init() {
	Add(AVX2, func() { active.fmaLoopFlops = 2 * 12 * 8 })
	Add(AVX512, func() { active.fmaLoopFlops = 2 * 24 * 16 })
}
