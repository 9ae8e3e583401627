package norm

import "dnn/internal/kernel/cpu"

// loops are those that may have an assembly form. The portable function of the same name with Generic behind it says what
// each one computes.
type loops struct {
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
}

// active are the loops in use.
var active = cpu.Table(loops{
	sumSquaresShift:      sumSquaresShiftGeneric,
	normalize:            normalizeGeneric,
	dotNormal:            dotNormalGeneric,
	normGrad:             normGradGeneric,
	sumNormalRows:        sumNormalRowsGeneric,
	sumSquaresColumns:    sumSquaresColumnsGeneric,
	normalizeColumns:     normalizeColumnsGeneric,
	normalizeColumnsRelu: normalizeColumnsReluGeneric,
	sumGradColumns:       sumGradColumnsGeneric,
	sumGradColumnsRelu:   sumGradColumnsReluGeneric,
	normGradColumns:      normGradColumnsGeneric,
	normGradColumnsRelu:  normGradColumnsReluGeneric,
})
