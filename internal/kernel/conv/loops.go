package conv

import "dnn/internal/kernel/cpu"

// loops are those that may have an assembly form. The portable function of the same name with Generic behind it says what
// each one computes.
type loops struct {
	// gemmrun.go, gemmskinny.go
	copyStrips func(dst, x []float32, lines, n, ldd, ldx int)
}

// active are the loops in use.
var active = cpu.Table(loops{
	copyStrips: copyStripsGeneric,
})
