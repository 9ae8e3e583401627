package cpu

// CacheSizes are those of a core, in bytes.
type CacheSizes struct {
	L1 int // of the first level, for data
	L2 int // of the second, or a core's part of it where cores share it
}

// usual is what a core has at least if it does not tell, as in some virtual machines.
var usual = CacheSizes{L1: 32 << 10, L2: 512 << 10}

var caches = readCaches().plausible()

// Caches are those of the machine. Blocks of work are made as large as fits; no result depends on them.
func Caches() CacheSizes { return caches }

// plausible puts the usual size in the place of one that cannot be.
func (c CacheSizes) plausible() CacheSizes {
	if c.L1 < 8<<10 || c.L1 > 1<<20 {
		c.L1 = usual.L1
	}
	if c.L2 < 64<<10 || c.L2 > 64<<20 {
		c.L2 = usual.L2
	}
	return c
}
