package vec

import "dnn/internal/kernel/cpu"

// loops are those that may have an assembly form. The portable function of the same name with Generic behind it says what
// each one computes.
type loops struct {
	// unary.go, binary.go, act.go
	exp, log, sqrt, rsqrt, square, abs, sign, neg       func(dst, x []float32)
	add, sub, mul, div, max, min, greater, greaterEqual func(dst, a, b []float32)
	addScalar, scale, divScalar                         func(dst, x []float32, s float32)
	clip                                                func(dst, x []float32, lo, hi float32)
	axpy                                                func(dst []float32, a float32, x, y []float32)
	lerp                                                func(dst, a, b []float32, t float32)
	act                                                 [numActs]func(dst, x []float32, alpha float32)
	actGrad                                             [numActs]func(dst, dy, v []float32, alpha float32)

	// reduce.go, broadcast.go
	sum, maxOf           func(x []float32) float32
	dot                  func(a, b []float32) float32
	sumColumns           func(dst, x []float32, rows, stride int)
	addRows, addReluRows func(dst, x, row []float32, rows, stride int)

	// move.go
	transpose func(dst, x []float32, rows, cols, ldd, ldx int)
}

// active are the loops in use.
var active = cpu.Table(loops{
	exp:          expGeneric,
	log:          logGeneric,
	sqrt:         sqrtGeneric,
	rsqrt:        rsqrtGeneric,
	square:       squareGeneric,
	abs:          absGeneric,
	sign:         signGeneric,
	neg:          negGeneric,
	add:          addGeneric,
	sub:          subGeneric,
	mul:          mulGeneric,
	div:          divGeneric,
	max:          maxGeneric,
	min:          minGeneric,
	greater:      greaterGeneric,
	greaterEqual: greaterEqualGeneric,
	addScalar:    addScalarGeneric,
	scale:        scaleGeneric,
	divScalar:    divScalarGeneric,
	clip:         clipGeneric,
	axpy:         axpyGeneric,
	lerp:         lerpGeneric,
	act:          actTable(),
	actGrad:      actGradTable(),
	sum:          sumGeneric,
	maxOf:        maxOfGeneric,
	dot:          dotGeneric,
	sumColumns:   sumColumnsGeneric,
	addRows:      addRowsGeneric,
	addReluRows:  addReluRowsGeneric,
	transpose:    transposeGeneric,
})
