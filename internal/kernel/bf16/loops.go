package bf16

import "dnn/internal/kernel/cpu"

// loops are those that may have an assembly form. The portable function of the same name with Generic behind it says what each one
// computes. They take a multiple of 32 elements.
type loops struct {
	round         func(dst []uint16, x []float32)
	roundRandomly func(dst []uint16, x []float32, draws []uint32)
	widen         func(dst []float32, x []uint16)
}

// active are the loops in use.
var active = cpu.Table(loops{round: roundGeneric, roundRandomly: roundRandomlyGeneric, widen: widenGeneric})
