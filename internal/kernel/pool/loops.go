package pool

import "dnn/internal/kernel/cpu"

// loops are those that may have an assembly form. The portable function of the same name with Generic behind it says what
// each one computes.
type loops struct {
	// pool.go
	poolMax                     func(dst, x []float32, offsets []int, n, channels, dstep, step int)
	poolMaxGrad, poolMaxGradAdd func(dx, x, dy []float32, offsets []int, n, channels, step, dstep, from, to int)
	poolSum                     func(dst, x []float32, offsets []int, w []float32, div float32, n, channels, dstep, step int)
}

// active are the loops in use.
var active = cpu.Table(loops{
	poolMax:        poolMaxGeneric,
	poolMaxGrad:    poolMaxGradGeneric,
	poolMaxGradAdd: poolMaxGradAddGeneric,
	poolSum:        poolSumGeneric,
})
