package prob

import "dnn/internal/kernel/cpu"

// loops are those that may have an assembly form. The portable function of the same name with Generic behind it says what
// each one computes.
type loops struct {
	// softmax.go
	expShift          func(dst, x []float32, m float32) float32
	sumExpShift       func(x []float32, m float32) float32
	shift             func(dst, x []float32, m, l float32)
	dotShift          func(t, x []float32, m, l float32) float32
	mulShift, expGrad func(dst, y, dy []float32, s float32)
	crossEntropyGrad  func(dst, x, t []float32, m, s, st, d float32)
}

// active are the loops in use.
var active = cpu.Table(loops{
	expShift:         expShiftGeneric,
	sumExpShift:      sumExpShiftGeneric,
	shift:            shiftGeneric,
	dotShift:         dotShiftGeneric,
	mulShift:         mulShiftGeneric,
	expGrad:          expGradGeneric,
	crossEntropyGrad: crossEntropyGradGeneric,
})
