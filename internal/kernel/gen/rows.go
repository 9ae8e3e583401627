package main

import "math"

var negInf = math.Inf(-1)

// emitRows writes the loops of softmax, of layer normalization and of rotary positions.
func emitRows(a *asm) {
	emitSoftmax(a)
	emitNorm(a)
	emitRotary(a)
}

func emitRotary(a *asm) {
	const sig = "func(u, v, x, y, cos, sin []float32)"
	turn := func(first, second func(a *asm, x, y, z op) vec) func(k *pass) {
		return func(k *pass) {
			x, y, c, s := k.in("x"), k.in("y"), k.in("cos"), k.in("sin")
			k.out("u", first(k.asm, y, s, k.mul(x, c)))
			k.out("v", second(k.asm, x, s, k.mul(y, c)))
		}
	}
	a.loop(loop{
		field: "rotate", sig: sig, doc: []string{"u[i], v[i] = fma(-y[i], sin[i], x[i]*cos[i]), fma(x[i], sin[i], y[i]*cos[i])"},
		body: turn((*asm).fnma, (*asm).fma),
	})
	a.loop(loop{
		field: "rotateBack", sig: sig, doc: []string{"u[i], v[i] = fma(y[i], sin[i], x[i]*cos[i]), fma(-x[i], sin[i], y[i]*cos[i])"},
		body: turn((*asm).fma, (*asm).fnma),
	})
}

func emitSoftmax(a *asm) {
	a.loop(loop{
		field: "shift", sig: "func(dst, x []float32, m, l float32)", doc: []string{"dst[i] = (x[i] - m) - l"},
		body: func(k *pass) { k.out("dst", k.sub(k.sub(k.in("x"), k.arg("m")), k.arg("l"))) },
	})
	a.loop(loop{
		field: "mulShift", sig: "func(dst, y, dy []float32, s float32)", over: "y",
		doc:  []string{"dst[i] = y[i] * (dy[i] - s)"},
		body: func(k *pass) { k.out("dst", k.mul(k.in("y"), k.sub(k.in("dy"), k.arg("s")))) },
	})
	a.loop(loop{
		field: "expGrad", sig: "func(dst, y, dy []float32, s float32)", over: "y",
		doc:  []string{"dst[i] = fma(-exp32(y[i]), s, dy[i])"},
		body: func(k *pass) { k.out("dst", k.fnma(k.exp(k.in("y")), k.arg("s"), k.in("dy"))) },
	})
	a.loop(loop{
		field: "crossEntropyGrad", sig: "func(dst, x, t []float32, m, s, st, d float32)",
		doc: []string{"dst[i] = fma(exp32(x[i]-m)/s, st, -t[i]) * d"},
		body: func(k *pass) {
			p := k.div(k.exp(k.sub(k.in("x"), k.arg("m"))), k.arg("s"))
			k.out("dst", k.mul(k.fma(p, k.arg("st"), k.neg(k.in("t"))), k.arg("d")))
		},
	})
}

func emitNorm(a *asm) {
	normal := func(k *pass) vec { return k.mul(k.sub(k.in("x"), k.arg("mean")), k.arg("rstd")) }
	a.loop(loop{
		field: "normalize", sig: "func(y, x, gamma, beta []float32, mean, rstd float32)", unroll: 2,
		doc:  []string{"y[i] = fma((x[i]-mean)*rstd, gamma[i], beta[i])"},
		body: func(k *pass) { k.out("y", k.fma(normal(k), k.in("gamma"), k.in("beta"))) },
	})
	a.loop(loop{
		field: "normGrad", sig: "func(dx, dy, gamma, x []float32, mean, rstd, c1, c2 float32)",
		doc: []string{"h := (x[i] - mean) * rstd", "dx[i] = rstd * fma(-h, c2, dy[i]*gamma[i]-c1)"},
		body: func(k *pass) {
			g := k.sub(k.mul(k.in("dy"), k.in("gamma")), k.arg("c1"))
			k.out("dx", k.mul(k.arg("rstd"), k.fnma(normal(k), k.arg("c2"), g)))
		},
	})
}
