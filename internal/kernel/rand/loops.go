package rand

import "dnn/internal/kernel/cpu"

// loops are those that may have an assembly form. The portable function of the same name with Generic behind it says what
// each one computes.
type loops struct {
	// dropout.go, random.go
	dropout       func(dst, x []float32, limit uint32, scale float32, key, step, group uint64)
	randomBits    func(dst []uint32, key, step, group uint64)
	randomUniform func(dst []float32, lo, width float32, key, step, group uint64)
	randomNormal  func(dst []float32, mean, std float32, key, step, group uint64)
}

// active are the loops in use.
var active = cpu.Table(loops{
	dropout:       dropoutGeneric,
	randomBits:    randomBitsGeneric,
	randomUniform: randomUniformGeneric,
	randomNormal:  randomNormalGeneric,
})
