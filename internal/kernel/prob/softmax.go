// Package prob has what is done with the logarithms of probabilities: softmax, cross-entropy, CTC, adding to tokens.
package prob

import (
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// Softmax writes y = e·(1/Σe) with e = exp(x - max x) for the rows [lo,hi) of
// [rows,cols]; Σ is Sum's. (To divide each e would take as long as half an exp.)
func Softmax(dst, x []float32, cols, lo, hi int) {
	for i := lo; i < hi; i++ {
		y, r := dst[i*cols:(i+1)*cols], x[i*cols:(i+1)*cols]
		s := active.expShift(y, r, vec.MaxOf(r))
		vec.Scale(y, y, 1/s)
	}
}

// LogSoftmax writes (x - m) - ln Σ exp(x - m) with m = max x, for the rows [lo,hi).
func LogSoftmax(dst, x []float32, cols, lo, hi int) {
	for i := lo; i < hi; i++ {
		y, r := dst[i*cols:(i+1)*cols], x[i*cols:(i+1)*cols]
		m := vec.MaxOf(r)
		active.shift(y, r, m, logVia(y, active.sumExpShift(r, m)))
	}
}

// SoftmaxGrad writes dx = y·(dy - Σ y·dy), given y = Softmax(x), for the rows
// [lo,hi); Σ is Dot's.
func SoftmaxGrad(dst, y, dy []float32, cols, lo, hi int) {
	for i := lo; i < hi; i++ {
		d, r, g := dst[i*cols:(i+1)*cols], y[i*cols:(i+1)*cols], dy[i*cols:(i+1)*cols]
		active.mulShift(d, r, g, vec.Dot(r, g))
	}
}

// LogSoftmaxGrad writes dx = fma(-exp(y), Σdy, dy), given y = LogSoftmax(x), for the
// rows [lo,hi); Σ is Sum's.
func LogSoftmaxGrad(dst, y, dy []float32, cols, lo, hi int) {
	for i := lo; i < hi; i++ {
		d, r, g := dst[i*cols:(i+1)*cols], y[i*cols:(i+1)*cols], dy[i*cols:(i+1)*cols]
		active.expGrad(d, r, g, vec.Sum(g))
	}
}

// CrossEntropy writes, for the rows [lo,hi) of logits and target (the
// wanted probabilities) [rows,cols],
//
//	loss_i = -Σⱼ t_ij·ls_ij,  ls = LogSoftmax(logits),
//
// a sum over Dot's lanes, and, unless dlogits is nil, its gradient as
// CrossEntropyGrad does with dloss = 1. dlogits may be logits.
func CrossEntropy(loss, dlogits, logits, target []float32, cols, lo, hi int) {
	for i := lo; i < hi; i++ {
		r, t := logits[i*cols:(i+1)*cols], target[i*cols:(i+1)*cols]
		m := vec.MaxOf(r)
		s := active.sumExpShift(r, m)
		loss[i] = -active.dotShift(t, r, m, logVia(loss[i:], s))
		if dlogits != nil {
			active.crossEntropyGrad(dlogits[i*cols:(i+1)*cols], r, t, m, s, vec.Sum(t), 1)
		}
	}
}

// CrossEntropyGrad writes dx_ij = fma(p_ij, Σⱼt_ij, -t_ij)·dloss_i with
// p = Softmax(logits), for the rows [lo,hi).
func CrossEntropyGrad(dx, logits, target, dloss []float32, cols, lo, hi int) {
	for i := lo; i < hi; i++ {
		r, t := logits[i*cols:(i+1)*cols], target[i*cols:(i+1)*cols]
		m := vec.MaxOf(r)
		s := active.sumExpShift(r, m)
		active.crossEntropyGrad(dx[i*cols:(i+1)*cols], r, t, m, s, vec.Sum(t), dloss[i])
	}
}

// logVia is scalar.Log(s), by way of a slice of at least one element that is left as
// it was: the vector loop is much faster than the portable function.
func logVia(x []float32, s float32) float32 {
	if len(x) == 0 {
		return scalar.Log(s)
	}
	old := x[0]
	x[0] = s
	vec.Log(x[:1], x[:1])
	s, x[0] = x[0], old
	return s
}

// expShiftGeneric writes exp(x-m) and returns its Sum.
func expShiftGeneric(dst, x []float32, m float32) float32 {
	var l scalar.Lanes
	for i, v := range x {
		e := scalar.Exp(v - m)
		dst[i] = e
		l[i&63] += e
	}
	return l.Sum()
}

// sumExpShiftGeneric is the Sum of exp(x-m).
func sumExpShiftGeneric(x []float32, m float32) float32 {
	var l scalar.Lanes
	for i, v := range x {
		l[i&63] += scalar.Exp(v - m)
	}
	return l.Sum()
}

func shiftGeneric(dst, x []float32, m, l float32) {
	for i, v := range x {
		dst[i] = (v - m) - l
	}
}

// dotShiftGeneric is the Dot of t and (x-m)-l.
func dotShiftGeneric(t, x []float32, m, l float32) float32 {
	var acc scalar.Lanes
	for i, v := range t {
		acc[i&63] = scalar.FMA(v, (x[i]-m)-l, acc[i&63])
	}
	return acc.Sum()
}

// mulShiftGeneric is y·(dy-s).
func mulShiftGeneric(dst, y, dy []float32, s float32) {
	for i, v := range y {
		dst[i] = scalar.Mul(v, dy[i]-s)
	}
}

// expGradGeneric is fma(-exp(y), s, dy).
func expGradGeneric(dst, y, dy []float32, s float32) {
	for i, v := range y {
		dst[i] = scalar.FMA(-scalar.Exp(v), s, dy[i])
	}
}

// crossEntropyGradGeneric is fma(exp(x-m)/s, st, -t)·d.
func crossEntropyGradGeneric(dst, x, t []float32, m, s, st, d float32) {
	for i, v := range x {
		dst[i] = scalar.Mul(scalar.FMA(scalar.Exp(v-m)/s, st, -t[i]), d)
	}
}
