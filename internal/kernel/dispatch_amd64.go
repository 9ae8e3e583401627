//go:build amd64 && !purego

package kernel

import "golang.org/x/sys/cpu"

// assemblySets lists the assembly variants that this CPU can run. What one has
// no loop for it takes from the variant below.
func assemblySets() []*set {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA || !cpu.X86.HasBMI2 {
		return nil
	}
	avx2 := generic
	setAVX2(&avx2)
	if !cpu.X86.HasAVX512F || !cpu.X86.HasAVX512VL {
		return []*set{&avx2}
	}
	avx512 := avx2
	setAVX512(&avx512)
	return []*set{&avx2, &avx512}
}

func setAVX2(s *set) {
	s.name = "avx2"
	setLoopsAVX2(s)
	s.fmaLoopFlops = 2 * 12 * 8
	s.tileRows, s.tileCols, s.tile = 6, 16, tileAVX2
	s.crossRows, s.cross, s.epilogues = 8, crossAVX2, true
	s.brgemm, s.depthwise = brgemmAVX2, depthwiseAVX2
	s.sin, s.cos = sinAVX2, cosAVX2
	s.transpose, s.packColumns, s.copyRows = transposeAVX2, packColumnsAVX2, copyRowsAVX2
}

func setAVX512(s *set) {
	s.name = "avx512"
	setLoopsAVX512(s)
	s.fmaLoopFlops = 2 * 24 * 16
	s.tileRows, s.tileCols, s.tile = 12, 32, tileAVX512
	s.crossRows, s.cross = 12, crossAVX512
	s.brgemm, s.depthwise = brgemmAVX512, depthwiseAVX512
	s.sin, s.cos = sinAVX512, cosAVX512
}
