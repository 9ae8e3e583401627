package vec

import "dnn/internal/kernel/scalar"

// both is dst[i] = f(a[i], b[i]); inlined, so that f is called directly.
func both(dst, a, b []float32, f func(a, b float32) float32) {
	dst, b = dst[:len(a)], b[:len(a)]
	for i, v := range a {
		dst[i] = f(v, b[i])
	}
}

// Add is a+b.
func Add(dst, a, b []float32) { active.add(dst[:len(a)], a, b[:len(a)]) }

// Sub is a-b.
func Sub(dst, a, b []float32) { active.sub(dst[:len(a)], a, b[:len(a)]) }

// Mul is a·b.
func Mul(dst, a, b []float32) { active.mul(dst[:len(a)], a, b[:len(a)]) }

// Div is a/b.
func Div(dst, a, b []float32) { active.div(dst[:len(a)], a, b[:len(a)]) }

// Max is the larger of a and b: b if they are equal, NaN if either is.
func Max(dst, a, b []float32) { active.max(dst[:len(a)], a, b[:len(a)]) }

// Min is the smaller of a and b: b if they are equal, NaN if either is.
func Min(dst, a, b []float32) { active.min(dst[:len(a)], a, b[:len(a)]) }

// Greater is 1 where a > b, else 0.
func Greater(dst, a, b []float32) { active.greater(dst[:len(a)], a, b[:len(a)]) }

// GreaterEqual is 1 where a ≥ b, else 0.
func GreaterEqual(dst, a, b []float32) { active.greaterEqual(dst[:len(a)], a, b[:len(a)]) }

// AddScalar is x+s.
func AddScalar(dst, x []float32, s float32) { active.addScalar(dst[:len(x)], x, s) }

// Scale is x·s.
func Scale(dst, x []float32, s float32) { active.scale(dst[:len(x)], x, s) }

// DivScalar is x/s.
func DivScalar(dst, x []float32, s float32) { active.divScalar(dst[:len(x)], x, s) }

// Clip is x limited to [lo,hi]; NaN stays.
func Clip(dst, x []float32, lo, hi float32) { active.clip(dst[:len(x)], x, lo, hi) }

// Axpy is fma(a, x, y).
func Axpy(dst []float32, a float32, x, y []float32) {
	active.axpy(dst[:len(x)], a, x, y[:len(x)])
}

// Lerp is fma(t, b-a, a).
func Lerp(dst, a, b []float32, t float32) { active.lerp(dst[:len(a)], a, b[:len(a)], t) }

func one(c bool) float32 {
	if c {
		return 1
	}
	return 0
}

func addGeneric(dst, a, b []float32) {
	both(dst, a, b, func(a, b float32) float32 { return a + b })
}

func subGeneric(dst, a, b []float32) {
	both(dst, a, b, func(a, b float32) float32 { return a - b })
}

func mulGeneric(dst, a, b []float32) { both(dst, a, b, scalar.Mul) }

func divGeneric(dst, a, b []float32) {
	both(dst, a, b, func(a, b float32) float32 { return a / b })
}

func maxGeneric(dst, a, b []float32) { both(dst, a, b, scalar.Max) }

func minGeneric(dst, a, b []float32) { both(dst, a, b, scalar.Min) }

func greaterGeneric(dst, a, b []float32) {
	both(dst, a, b, func(a, b float32) float32 { return one(a > b) })
}

func greaterEqualGeneric(dst, a, b []float32) {
	both(dst, a, b, func(a, b float32) float32 { return one(a >= b) })
}

func addScalarGeneric(dst, x []float32, s float32) {
	for i, v := range x {
		dst[i] = v + s
	}
}

func scaleGeneric(dst, x []float32, s float32) {
	for i, v := range x {
		dst[i] = scalar.Mul(v, s)
	}
}

func clipGeneric(dst, x []float32, lo, hi float32) {
	for i, v := range x {
		dst[i] = scalar.Clip(v, lo, hi)
	}
}

func axpyGeneric(dst []float32, a float32, x, y []float32) {
	for i, v := range x {
		dst[i] = scalar.FMA(a, v, y[i])
	}
}

func lerpGeneric(dst, a, b []float32, t float32) {
	for i, v := range a {
		dst[i] = scalar.FMA(t, b[i]-v, v)
	}
}

// divScalarGeneric is x/s.
func divScalarGeneric(dst, x []float32, s float32) {
	for i, v := range x {
		dst[i] = v / s
	}
}

// shiftGeneric is (x-m)-l.
