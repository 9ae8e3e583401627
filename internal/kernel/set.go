package kernel

// set is one variant: every loop that may have an assembly form. The portable
// function of the same name with Generic behind it says what each one computes.
type set struct {
	name string

	// peak.go
	fmaLoop      func(iterations int)
	fmaLoopFlops float64 // of one iteration

	// gemmrun.go, gemmskinny.go
	tileRows, tileCols int // the largest tile, dividing panelA and panelB
	tile               tileFunc
	packColumns        func(dst, src []float32, n, k, ld, width int)
	copyRows           func(dst, src []float32, rows, ldd, lds int)
	crossRows          int // the most rows of cross
	cross              crossFunc
	epilogues          bool // tile and cross apply them
	gemv               func(y, w, x []float32, ld int, load bool)
	brgemm, depthwise  convTileFunc // as large as tile, depthwise no higher than depthwiseRows
	copyStrips         func(dst, x []float32, lines, n, ldd, ldx int)

	// unary.go, binary.go, act.go
	exp, log, log1p, sqrt, rsqrt, square, abs, sign, neg, recip, erf, sin, cos func(dst, x []float32)
	add, sub, mul, div, max, min, greater, greaterEqual                        func(dst, a, b []float32)
	addScalar, scale, divScalar                                                func(dst, x []float32, s float32)
	clip                                                                       func(dst, x []float32, lo, hi float32)
	axpy                                                                       func(dst []float32, a float32, x, y []float32)
	lerp                                                                       func(dst, a, b []float32, t float32)
	act                                                                        [numActs]func(dst, x []float32, alpha float32)
	actGrad                                                                    [numActs]func(dst, dy, v []float32, alpha float32)

	// reduce.go, broadcast.go
	sum, sumAbs, maxOf   func(x []float32) float32
	dot                  func(a, b []float32) float32
	sumColumns           func(dst, x []float32, rows, stride int)
	addRows, addReluRows func(dst, x, row []float32, rows, stride int)

	// softmax.go
	expShift          func(dst, x []float32, m float32) float32
	sumExpShift       func(x []float32, m float32) float32
	shift             func(dst, x []float32, m, l float32)
	dotShift          func(t, x []float32, m, l float32) float32
	mulShift, expGrad func(dst, y, dy []float32, s float32)
	crossEntropyGrad  func(dst, x, t []float32, m, s, st, d float32)

	// norm.go, batchnorm.go
	sumSquaresShift                        func(x []float32, m float32) float32
	normalize                              func(y, x, gamma, beta []float32, mean, rstd float32)
	dotNormal                              func(dy, gamma, x []float32, mean, rstd float32) float32
	normGrad                               func(dx, dy, gamma, x []float32, mean, rstd, c1, c2 float32)
	sumNormalRows                          func(dst, dy, x, mean, rstd []float32, rows, stride int)
	sumSquaresColumns                      func(dst, x, mean []float32, rows, stride int)
	normalizeColumns, normalizeColumnsRelu func(y, x, mean, scale, shift []float32, rows, stride int)
	sumGradColumns                         func(dyx, dys, dy, x, mean []float32, rows, stride int)
	sumGradColumnsRelu                     func(dyx, dys, dy, x, mean, scale, shift []float32, rows, stride int)
	normGradColumns                        func(dx, dy, x, mean, scale, p, q []float32, rows, stride int)
	normGradColumnsRelu                    func(dx, dy, x, mean, scale, p, q, shift []float32, rows, stride int)

	// attention.go
	softmaxRows     func(p, top, change, sum []float32, n, rows, stride int)
	softmaxGradRows func(p, d, lse, delta []float32, n, rows, stride int)

	// rotary.go
	rotate, rotateBack func(u, v, x, y, cos, sin []float32)

	// dropout.go, random.go
	dropout       func(dst, x []float32, limit uint32, scale float32, key, step, group uint64)
	randomBits    func(dst []uint32, key, step, group uint64)
	randomUniform func(dst []float32, lo, width float32, key, step, group uint64)
	randomNormal  func(dst []float32, mean, std float32, key, step, group uint64)

	// optim.go, adaptive.go, adam.go
	sgd                      func(p, g []float32, lr, wd, gs float32)
	sgdMomentum, sgdNesterov func(p, g, m []float32, lr, keep, mu, k, wd, gs float32)
	lion                     func(p, g, m []float32, lr, decay, b1, c1, b2, c2, gs float32)
	adagrad                  func(p, g, h []float32, lr, eps, wd, gs float32)
	adadelta                 func(p, g, v, u []float32, lr, rho, c, eps, wd, gs float32)
	rmsprop                  func(p, g, v []float32, lr, alpha, c, eps, wd, gs float32)
	rmspropMomentum          func(p, g, v, m []float32, lr, alpha, c, eps, wd, mu, gs float32)
	rmspropCentered          func(p, g, v, ga []float32, lr, alpha, c, eps, wd, gs float32)
	rmspropFull              func(p, g, v, m, ga []float32, lr, alpha, c, eps, wd, mu, gs float32)
	adam                     func(p, g, m, v []float32, step, c1, b2, c2, rbc2, eps, wd, decay, gs float32)
	amsgrad                  func(p, g, m, v, vmax []float32, step, c1, b2, c2, rbc2, eps, wd, decay, gs float32)
	nadam                    func(p, g, m, v []float32, gradStep, step, c1, b2, c2, rbc2, eps, wd, decay, gs float32)

	// pool.go
	poolMax                     func(dst, x []float32, offsets []int, n, channels, dstep, step int)
	poolMaxGrad, poolMaxGradAdd func(dx, x, dy []float32, offsets []int, n, channels, step, dstep, from, to int)
	poolSum                     func(dst, x []float32, offsets []int, w []float32, div float32, n, channels, dstep, step int)

	recurrentLoops

	// move.go
	transpose func(dst, x []float32, rows, cols, ldd, ldx int)
}

// generic is the portable variant.
var generic = set{
	name:    "generic",
	fmaLoop: fmaLoopGeneric, fmaLoopFlops: 2 * 8,
	tileRows: panelA, tileCols: panelB,
	tile:                 tileGeneric,
	gemv:                 gemvGeneric,
	crossRows:            panelA,
	cross:                crossGeneric,
	brgemm:               brgemmGeneric,
	depthwise:            depthwiseGeneric,
	copyStrips:           copyStripsGeneric,
	act:                  actTable(),
	actGrad:              actGradTable(),
	exp:                  expGeneric,
	log:                  logGeneric,
	log1p:                log1pGeneric,
	sqrt:                 sqrtGeneric,
	rsqrt:                rsqrtGeneric,
	square:               squareGeneric,
	abs:                  absGeneric,
	sign:                 signGeneric,
	neg:                  negGeneric,
	recip:                recipGeneric,
	erf:                  erfGeneric,
	sin:                  sinGeneric,
	cos:                  cosGeneric,
	add:                  addGeneric,
	sub:                  subGeneric,
	mul:                  mulGeneric,
	div:                  divGeneric,
	max:                  maxGeneric,
	min:                  minGeneric,
	greater:              greaterGeneric,
	greaterEqual:         greaterEqualGeneric,
	addScalar:            addScalarGeneric,
	scale:                scaleGeneric,
	clip:                 clipGeneric,
	axpy:                 axpyGeneric,
	lerp:                 lerpGeneric,
	sum:                  sumGeneric,
	sumAbs:               sumAbsGeneric,
	dot:                  dotGeneric,
	maxOf:                maxOfGeneric,
	sumColumns:           sumColumnsGeneric,
	expShift:             expShiftGeneric,
	sumExpShift:          sumExpShiftGeneric,
	divScalar:            divScalarGeneric,
	shift:                shiftGeneric,
	dotShift:             dotShiftGeneric,
	mulShift:             mulShiftGeneric,
	expGrad:              expGradGeneric,
	crossEntropyGrad:     crossEntropyGradGeneric,
	normalize:            normalizeGeneric,
	sumSquaresShift:      sumSquaresShiftGeneric,
	dotNormal:            dotNormalGeneric,
	normGrad:             normGradGeneric,
	sumNormalRows:        sumNormalRowsGeneric,
	sumSquaresColumns:    sumSquaresColumnsGeneric,
	normalizeColumns:     normalizeColumnsGeneric,
	normalizeColumnsRelu: normalizeColumnsReluGeneric,
	sumGradColumns:       sumGradColumnsGeneric,
	sumGradColumnsRelu:   sumGradColumnsReluGeneric,
	addRows:              addRowsGeneric,
	addReluRows:          addReluRowsGeneric,
	normGradColumns:      normGradColumnsGeneric,
	normGradColumnsRelu:  normGradColumnsReluGeneric,
	softmaxRows:          softmaxRowsGeneric,
	softmaxGradRows:      softmaxGradRowsGeneric,
	rotate:               rotateGeneric,
	rotateBack:           rotateBackGeneric,
	dropout:              dropoutGeneric,
	randomBits:           randomBitsGeneric,
	randomUniform:        randomUniformGeneric,
	randomNormal:         randomNormalGeneric,
	sgd:                  sgdGeneric,
	sgdMomentum:          sgdMomentumGeneric,
	sgdNesterov:          sgdNesterovGeneric,
	lion:                 lionGeneric,
	adagrad:              adagradGeneric,
	adadelta:             adadeltaGeneric,
	rmsprop:              rmspropGeneric,
	rmspropMomentum:      rmspropMomentumGeneric,
	rmspropCentered:      rmspropCenteredGeneric,
	rmspropFull:          rmspropFullGeneric,
	adam:                 adamGeneric,
	amsgrad:              amsgradGeneric,
	nadam:                nadamGeneric,
	poolMax:              poolMaxGeneric,
	poolMaxGrad:          poolMaxGradGeneric,
	poolMaxGradAdd:       poolMaxGradAddGeneric,
	poolSum:              poolSumGeneric,
	recurrentLoops:       recurrentGeneric,
	transpose:            transposeGeneric,
	packColumns:          packColumnsGeneric,
	copyRows:             copyRowsGeneric,
}

func actTable() (t [numActs]func(dst, x []float32, alpha float32)) {
	for a := range numActs {
		t[a] = actGeneric(a)
	}
	return t
}

func actGradTable() (t [numActs]func(dst, dy, v []float32, alpha float32)) {
	for a := range numActs {
		t[a] = actGradGeneric(a)
	}
	return t
}
