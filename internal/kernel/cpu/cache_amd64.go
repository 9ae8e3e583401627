//go:build amd64 && !purego

package cpu

// readCaches asks the processor: leaf 4 of CPUID (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2A), or
// leaf 0x8000001d, which has the same layout (AMD64 Architecture Programmer's Manual, volume 3).
func readCaches() (c CacheSizes) {
	leaf := uint32(4)
	if most, _, _, _ := cpuid(0x80000000, 0); most >= 0x8000001d {
		if _, _, features, _ := cpuid(0x80000001, 0); features>>22&1 == 1 { // only AMD's have topology extensions
			leaf = 0x8000001d
		}
	}
	if most, _, _, _ := cpuid(0, 0); leaf == 4 && most < 4 {
		return c
	}
	for i := range uint32(16) {
		eax, ebx, ecx, _ := cpuid(leaf, i)
		kind, level := eax&31, eax>>5&7
		if kind == 0 {
			break
		}
		size := int(ebx>>22+1) * int(ebx>>12&0x3ff+1) * int(ebx&0xfff+1) * int(ecx+1) // ways, partitions, line, sets
		switch {
		case level == 1 && kind != 2: // 2 is for instructions
			c.L1 = size
		case level == 2 && kind != 2:
			c.L2 = size / max(1, int(eax>>14&0xfff+1)/2) // two threads of a core may share it without loss
		}
	}
	return c
}
