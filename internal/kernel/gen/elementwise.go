package main

// emitElementwise writes the functions of one, two and three slices.
func emitElementwise(a *asm) {
	unary := func(field, doc string, unroll int, f func(x vec) vec) {
		a.loop(loop{
			field: field, sig: "func(dst, x []float32)", unroll: unroll, keep: 14, ahead: true,
			doc:  []string{"dst[i] = " + doc},
			body: func(k *pass) { k.out("dst", f(k.in("x"))) },
		})
	}
	many := a.strandsOfMath()
	unary("exp", "scalar.Exp(x[i])", 2*many, func(x vec) vec { return a.exp(x) })
	unary("log", "scalar.Log(x[i])", many, a.log)
	unary("sqrt", "sqrt(x[i])", 1, func(x vec) vec { return a.sqrt(x) })
	unary("rsqrt", "1 / sqrt(x[i])", 1, func(x vec) vec { return a.div(a.num(1), a.sqrt(x)) })
	unary("square", "x[i] * x[i]", 4, func(x vec) vec { return a.mul(x, x) })
	unary("abs", "abs(x[i])", 4, func(x vec) vec { return a.abs(x) })
	unary("sign", "scalar.Sign(x[i])", 1, a.sign)
	unary("neg", "-x[i]", 4, func(x vec) vec { return a.neg(x) })

	binary := func(field, doc string, f func(x, y op) vec) {
		a.loop(loop{
			field: field, sig: "func(dst, a, b []float32)", over: "a", unroll: 4,
			doc:  []string{"dst[i] = " + doc},
			body: func(k *pass) { k.out("dst", f(k.in("a"), k.in("b"))) },
		})
	}
	mask01 := func(predicate int) func(x, y op) vec {
		return func(x, y op) vec { return a.only(a.compare(predicate, x, y), a.num(1)) }
	}
	binary("add", "a[i] + b[i]", a.add)
	binary("sub", "a[i] - b[i]", a.sub)
	binary("mul", "a[i] * b[i]", a.mul)
	binary("div", "a[i] / b[i]", a.div)
	binary("max", "scalar.Max(a[i], b[i])", a.max)
	binary("min", "scalar.Min(a[i], b[i])", a.min)
	binary("greater", "a[i] > b[i] ? 1 : 0", mask01(isGreater))
	binary("greaterEqual", "a[i] >= b[i] ? 1 : 0", mask01(isGreaterEqual))

	scalar := func(field, doc string, f func(x, s op) vec) {
		a.loop(loop{
			field: field, sig: "func(dst, x []float32, s float32)", unroll: 4,
			doc:  []string{"dst[i] = " + doc},
			body: func(k *pass) { k.out("dst", f(k.in("x"), k.arg("s"))) },
		})
	}
	scalar("addScalar", "x[i] + s", a.add)
	scalar("scale", "x[i] * s", a.mul)
	scalar("divScalar", "x[i] / s", a.div)

	a.loop(loop{
		field: "clip", sig: "func(dst, x []float32, lo, hi float32)", unroll: 4,
		doc:  []string{"dst[i] = clip(x[i], lo, hi)"},
		body: func(k *pass) { k.out("dst", k.clip(k.in("x"), k.arg("lo"), k.arg("hi"))) },
	})
	a.loop(loop{
		field: "axpy", sig: "func(dst []float32, a float32, x, y []float32)", unroll: 4,
		doc:  []string{"dst[i] = fma(a, x[i], y[i])"},
		body: func(k *pass) { k.out("dst", k.fma(k.arg("a"), k.in("x"), k.in("y"))) },
	})
	a.loop(loop{
		field: "lerp", sig: "func(dst, a, b []float32, t float32)", over: "a", unroll: 2,
		doc: []string{"dst[i] = fma(t, b[i]-a[i], a[i])"},
		body: func(k *pass) {
			v := k.in("a")
			k.out("dst", k.fma(k.arg("t"), k.sub(k.in("b"), v), v))
		},
	})
}

// strandsOfMath is how many vectors a long computation takes at a time: two on AVX-512. Of AVX2's registers a second one
// takes those that keep constants. The next vector is found by looking ahead, so two are faster by some percent alone, and
// only what is used most takes them.
func (a *asm) strandsOfMath() int {
	if a.wide {
		return 2
	}
	return 1
}
