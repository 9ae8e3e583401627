package main

import "math"

var negInf = math.Inf(-1)

// emitRotary writes the loops of rotary positions.
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

// emitSoftmax writes the loops and sums of softmax.
func emitSoftmax(a *asm) {
	a.reduction(reduction{
		field: "expShift", sig: "func(dst, x []float32, m float32) float32",
		doc: []string{"dst[i] = scalar.Exp(x[i] - m)", "l[i%64] += dst[i]"}, next: true,
		body: func(k *pass, acc vec) vec {
			e := k.expDown(k.sub(k.in("x"), k.arg("m")))
			k.out("dst", e)
			return k.add(acc, k.inside(e))
		},
	})
	a.reduction(reduction{
		field: "sumExpShift", sig: "func(x []float32, m float32) float32", doc: []string{"l[i%64] += scalar.Exp(x[i] - m)"},
		body: func(k *pass, acc vec) vec { return k.add(acc, k.inside(k.expDown(k.sub(k.in("x"), k.arg("m"))))) },
	})
	a.reduction(reduction{
		field: "dotShift", sig: "func(t, x []float32, m, l float32) float32", over: "t",
		doc: []string{"l[i%64] = fma(t[i], (x[i]-m)-l, l[i%64])"},
		body: func(k *pass, acc vec) vec {
			s := k.inside(k.sub(k.sub(k.in("x"), k.arg("m")), k.arg("l")))
			return k.fma(k.in("t"), s, acc)
		},
	})
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
		field: "expGrad", sig: "func(dst, y, dy []float32, s float32)", keep: 14, over: "y",
		doc:  []string{"dst[i] = fma(-scalar.Exp(y[i]), s, dy[i])"},
		body: func(k *pass) { k.out("dst", k.fnma(k.exp(k.in("y")), k.arg("s"), k.in("dy"))) },
	})
	a.loop(loop{
		field: "crossEntropyGrad", sig: "func(dst, x, t []float32, m, s, st, d float32)", keep: 14,
		doc: []string{"dst[i] = fma(scalar.Exp(x[i]-m)/s, st, -t[i]) * d"},
		body: func(k *pass) {
			p := k.div(k.expDown(k.sub(k.in("x"), k.arg("m"))), k.arg("s"))
			k.out("dst", k.mul(k.fma(p, k.arg("st"), k.neg(k.in("t"))), k.arg("d")))
		},
	})
}

// emitNorm writes the loops and sums of layer normalization.
func emitNorm(a *asm) {
	a.reduction(reduction{
		field: "sumSquaresShift", sig: "func(x []float32, m float32) float32",
		doc: []string{"l[i%64] = fma(x[i]-m, x[i]-m, l[i%64])"}, short: true,
		body: func(k *pass, acc vec) vec {
			d := k.inside(k.sub(k.in("x"), k.arg("m")))
			return k.fma(d, d, acc)
		},
	})
	a.reduction(reduction{
		field: "dotNormal", sig: "func(dy, gamma, x []float32, mean, rstd float32) float32",
		doc: []string{"l[i%64] = fma(dy[i]*gamma[i], (x[i]-mean)*rstd, l[i%64])"},
		body: func(k *pass, acc vec) vec {
			h := k.inside(k.mul(k.sub(k.in("x"), k.arg("mean")), k.arg("rstd")))
			return k.fma(k.mul(k.in("dy"), k.in("gamma")), h, acc)
		},
	})
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
	a.columnLoop(columnLoop{
		field: "sumNormalRows", sig: "func(dst, dy, x, mean, rstd []float32, rows, stride int)", over: "dst",
		vectors: 4, sums: []string{"dst"}, rows: []string{"mean", "rstd"},
		doc: []string{"dst[j] = fma(dy[i*stride+j], (x[i*stride+j]-mean[i])*rstd[i], dst[j]) // from 0"},
		body: func(k *pass, acc, _ []vec) {
			k.VFMADD231PS(k.mul(k.sub(k.in("x"), k.arg("mean")), k.arg("rstd")), k.in("dy"), acc[0])
		},
	})
}
