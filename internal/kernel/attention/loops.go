package attention

import "dnn/internal/kernel/cpu"

// loops are those that may have an assembly form. The portable function of the same name with Generic behind it says what
// each one computes.
type loops struct {
	// rows.go
	softmaxRows     func(p, top, change, sum []float32, n, rows, stride int)
	softmaxGradRows func(p, d, lse, delta []float32, n, rows, stride int)

	// rotary.go
	rotate, rotateBack func(u, v, x, y, cos, sin []float32)
}

// active are the loops in use.
var active = cpu.Table(loops{
	softmaxRows:     softmaxRowsGeneric,
	softmaxGradRows: softmaxGradRowsGeneric,
	rotate:          rotateGeneric,
	rotateBack:      rotateBackGeneric,
})
