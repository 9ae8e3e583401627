package kernels

import "dnn/internal/kernel/scalar"

// Functions of one number.

func same(x float32) float32   { return x }
func abs(x float32) float32    { return scalar.Abs(x) }
func exp(x float32) float32    { return scalar.Exp(x) }
func log(x float32) float32    { return scalar.Log(x) }
func sign(x float32) float32   { return scalar.Sign(x) }
func sqrt(x float32) float32   { return scalar.Sqrt(x) }
func square(x float32) float32 { return scalar.Mul(x, x) }

func relu(x float32) float32    { return scalar.Relu(x) }
func sigmoid(x float32) float32 { return scalar.Sigmoid(x) }
func tanh(x float32) float32    { return scalar.Tanh(x) }
func silu(x float32) float32    { return scalar.Mul(x, scalar.Sigmoid(x)) }

func selu(x float32) float32 {
	return scalar.Mul(elu(x, 1.6732632423543772848170429916717), 1.0507009873554804934193349852946)
}

func gelu(x float32) float32 {
	h := scalar.Mul(x, 0.5)
	return scalar.FMA(h, scalar.Erf(scalar.Mul(x, 0.70710678118654752440)), h)
}

func geluTanh(x float32) float32 {
	const root = 0.79788456080286535588
	h := scalar.Mul(x, 0.5)
	return scalar.FMA(h, scalar.Tanh(scalar.Mul(x, scalar.FMA(scalar.Mul(x, x), 0.044715*root, root))), h)
}

func softplus(x float32) float32    { return scalar.Log1p(scalar.Exp(-scalar.Abs(x))) + scalar.Relu(x) }
func hardSigmoid(x float32) float32 { return scalar.Clip(scalar.FMA(x, 1.0/6, 0.5), 0, 1) }
func hardSwish(x float32) float32   { return scalar.Mul(x, hardSigmoid(x)) }
func hardTanh(x float32) float32    { return scalar.Clip(x, -1, 1) }

// Functions of two.

func add(a, b float32) float32     { return a + b }
func sub(a, b float32) float32     { return a - b }
func mul(a, b float32) float32     { return scalar.Mul(a, b) }
func div(a, b float32) float32     { return a / b }
func maximum(a, b float32) float32 { return scalar.Max(a, b) }
func minimum(a, b float32) float32 { return scalar.Min(a, b) }

func greater(a, b float32) float32 {
	if a > b {
		return 1
	}
	return 0
}

func greaterEqual(a, b float32) float32 {
	if a >= b {
		return 1
	}
	return 0
}

func leakyRelu(x, alpha float32) float32 {
	if x > 0 {
		return x
	}
	return scalar.Mul(alpha, x)
}

func elu(x, alpha float32) float32 {
	if x > 0 {
		return x
	}
	return scalar.Mul(alpha, scalar.Expm1(x))
}

// apply is y = f(x), element by element.
func apply(y, x []float32, n int, f func(float32) float32) {
	for i, v := range x[:n] {
		y[i] = f(v)
	}
}

// applyBy is y = f(x, by).
func applyBy(y, x []float32, n int, f func(x, by float32) float32, by float32) {
	for i, v := range x[:n] {
		y[i] = f(v, by)
	}
}

func clip(y, x []float32, n int, lo, hi float32) {
	for i, v := range x[:n] {
		y[i] = scalar.Clip(v, lo, hi)
	}
}

// lerp is x + t·(z-x).
func lerp(y, x, z []float32, n int, t float32) {
	for i, v := range x[:n] {
		y[i] = scalar.FMA(t, z[i]-v, v)
	}
}

// combine is y = f(a, b), where elements of a and b are repeated as nest says: the number of axes, their sizes, and the strides of
// a and b.
func combine(y, a, b []float32, n int, nest []int, f func(a, b float32) float32) {
	rank := nest[0]
	extent, sa, sb := nest[1:1+rank], nest[1+rank:1+2*rank], nest[1+2*rank:]
	var at [8]int
	p, q := 0, 0
	for i := 0; i < n; i++ {
		y[i] = f(a[p], b[q])
		for ax := rank - 1; ax >= 0; ax-- {
			p, q = p+sa[ax], q+sb[ax]
			if at[ax]++; at[ax] < extent[ax] {
				break
			}
			at[ax], p, q = 0, p-sa[ax]*extent[ax], q-sb[ax]*extent[ax]
		}
	}
}

// fill sets n elements.
func fill(y []float32, n int, v float32) {
	for i := range y[:n] {
		y[i] = v
	}
}

// move copies elements of x, from an offset on, to y, as nest says: the number of axes, their sizes, and the strides of y and x.
func move(y, x []float32, to, from int, nest []int) { moveOf(y, x, to, from, nest) }

func moveInts(y, x []int32, to, from int, nest []int) { moveOf(y, x, to, from, nest) }

func moveOf[T float32 | int32](y, x []T, p, q int, nest []int) {
	rank := nest[0]
	extent, sy, sx := nest[1:1+rank], nest[1+rank:1+2*rank], nest[1+2*rank:]
	var at [8]int
	for {
		y[p] = x[q]
		ax := rank - 1
		for ; ax >= 0; ax-- {
			p, q = p+sy[ax], q+sx[ax]
			if at[ax]++; at[ax] < extent[ax] {
				break
			}
			at[ax], p, q = 0, p-sy[ax]*extent[ax], q-sx[ax]*extent[ax]
		}
		if ax < 0 {
			return
		}
	}
}
