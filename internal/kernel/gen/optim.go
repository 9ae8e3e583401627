package main

// emitOptimizers writes the update rules. The formulas, in the order of their
// operations, stand with the exported functions of the kernels.
func emitOptimizers(a *asm) {
	rule := func(field, sig string, doc []string, body func(k *pass)) {
		a.loop(loop{field: field, sig: sig, over: "p", doc: doc, body: body})
	}
	rule("sgd", "func(p, g []float32, lr, wd, gs float32)",
		[]string{"p[i] = fma(-lr, fma(wd, p[i], g[i]*gs), p[i])"},
		func(k *pass) {
			p, d := k.gradient()
			k.out("p", k.fnma(k.arg("lr"), d, p))
		})
	rule("sgdMomentum", "func(p, g, m []float32, lr, keep, mu, k, wd, gs float32)",
		[]string{"d := fma(wd, p[i], g[i]*gs)", "m[i] = fma(k, d, keep*m[i])", "p[i] = fma(-lr, m[i], p[i])"},
		func(k *pass) {
			p, d := k.gradient()
			m := k.fma(k.arg("k"), d, k.mul(k.arg("keep"), k.in("m")))
			k.out("m", m)
			k.out("p", k.fnma(k.arg("lr"), m, p))
		})
	rule("sgdNesterov", "func(p, g, m []float32, lr, keep, mu, k, wd, gs float32)",
		[]string{"d := fma(wd, p[i], g[i]*gs)", "m[i] = fma(k, d, keep*m[i])", "p[i] = fma(-lr, fma(mu, m[i], d), p[i])"},
		func(k *pass) {
			p, d := k.gradient()
			m := k.fma(k.arg("k"), d, k.mul(k.arg("keep"), k.in("m")))
			k.out("m", m)
			k.out("p", k.fnma(k.arg("lr"), k.fma(k.arg("mu"), m, d), p))
		})
	rule("lion", "func(p, g, m []float32, lr, decay, b1, c1, b2, c2, gs float32)",
		[]string{"d := g[i] * gs", "p[i] = fma(-lr, scalar.Sign(fma(c1, d, b1*m[i])), p[i]*decay)", "m[i] = fma(c2, d, b2*m[i])"},
		func(k *pass) {
			d, m := k.mul(k.in("g"), k.arg("gs")), k.in("m")
			u := k.sign(k.fma(k.arg("c1"), d, k.mul(k.arg("b1"), m)))
			k.out("p", k.fnma(k.arg("lr"), u, k.mul(k.in("p"), k.arg("decay"))))
			k.out("m", k.fma(k.arg("c2"), d, k.mul(k.arg("b2"), m)))
		})
	emitAdaptive(rule)
	emitAdam(rule)
}

// gradient loads p and makes fma(wd, p, g·gs).
func (k *pass) gradient() (p, d vec) {
	p = k.in("p")
	return p, k.fma(k.arg("wd"), p, k.mul(k.in("g"), k.arg("gs")))
}

func emitAdaptive(rule func(field, sig string, doc []string, body func(k *pass))) {
	rule("adagrad", "func(p, g, h []float32, lr, eps, wd, gs float32)",
		[]string{"d := fma(wd, p[i], g[i]*gs)", "h[i] = fma(d, d, h[i])", "p[i] = fma(-lr, d/(sqrt(h[i])+eps), p[i])"},
		func(k *pass) {
			p, d := k.gradient()
			h := k.fma(d, d, k.in("h"))
			k.out("h", h)
			k.out("p", k.fnma(k.arg("lr"), k.div(d, k.add(k.sqrt(h), k.arg("eps"))), p))
		})
	rule("adadelta", "func(p, g, v, u []float32, lr, rho, c, eps, wd, gs float32)",
		[]string{"d := fma(wd, p[i], g[i]*gs)", "v[i] = fma(c*d, d, rho*v[i])", "d = sqrt(u[i]+eps) / sqrt(v[i]+eps) * d",
			"u[i] = fma(c*d, d, rho*u[i])", "p[i] = fma(-lr, d, p[i])"},
		func(k *pass) {
			p, d := k.gradient()
			v := k.fma(k.mul(k.arg("c"), d), d, k.mul(k.arg("rho"), k.in("v")))
			k.out("v", v)
			u, eps := k.in("u"), k.arg("eps")
			d = k.mul(k.div(k.sqrt(k.add(u, eps)), k.sqrt(k.add(v, eps))), d)
			k.out("u", k.fma(k.mul(k.arg("c"), d), d, k.mul(k.arg("rho"), u)))
			k.out("p", k.fnma(k.arg("lr"), d, p))
		})
	for _, momentum := range []bool{false, true} {
		for _, centered := range []bool{false, true} {
			emitRMSprop(rule, momentum, centered)
		}
	}
}

func emitRMSprop(rule func(field, sig string, doc []string, body func(k *pass)), momentum, centered bool) {
	field, state, mu := "rmsprop", "", ""
	root := "v[i]"
	doc := []string{"d := fma(wd, p[i], g[i]*gs)", "v[i] = fma(c*d, d, alpha*v[i])"}
	if centered {
		doc = append(doc, "ga[i] = fma(c, d-ga[i], ga[i])")
		root = "fma(-ga[i], ga[i], v[i])"
	}
	step := "d/(sqrt(" + root + ")+eps)"
	switch {
	case momentum && centered:
		field, state = "rmspropFull", ", m, ga"
	case momentum:
		field, state = "rmspropMomentum", ", m"
	case centered:
		field, state = "rmspropCentered", ", ga"
	}
	if momentum {
		mu = " mu,"
		doc = append(doc, "m[i] = fma(mu, m[i], "+step+")")
		step = "m[i]"
	}
	doc = append(doc, "p[i] = fma(-lr, "+step+", p[i])")
	rule(field, "func(p, g, v"+state+" []float32, lr, alpha, c, eps, wd,"+mu+" gs float32)", doc, func(k *pass) {
		p, d := k.gradient()
		c := k.arg("c")
		v := k.fma(k.mul(c, d), d, k.mul(k.arg("alpha"), k.in("v")))
		k.out("v", v)
		if centered {
			g := k.in("ga")
			g = k.fma(c, k.sub(d, g), g)
			k.out("ga", g)
			v = k.fnma(g, g, v)
		}
		d = k.div(d, k.add(k.sqrt(v), k.arg("eps")))
		if momentum {
			d = k.fma(k.arg("mu"), k.in("m"), d)
			k.out("m", d)
		}
		k.out("p", k.fnma(k.arg("lr"), d, p))
	})
}

func emitAdam(rule func(field, sig string, doc []string, body func(k *pass))) {
	moments := []string{"d := fma(wd, p[i], g[i]*gs)", "m[i] = fma(c1, d-m[i], m[i])", "v[i] = fma(c2*d, d, b2*v[i])"}
	doc := func(more ...string) []string { return append(append([]string(nil), moments...), more...) }
	scalars := "step, c1, b2, c2, rbc2, eps, wd, decay, gs float32)"
	rule("adam", "func(p, g, m, v []float32, "+scalars,
		doc("p[i] = fma(-step, m[i]/fma(sqrt(v[i]), rbc2, eps), p[i]*decay)"),
		func(k *pass) {
			p, _, m, v := k.moments()
			w := k.fma(k.sqrt(v), k.arg("rbc2"), k.arg("eps"))
			k.out("p", k.fnma(k.arg("step"), k.div(m, w), k.mul(p, k.arg("decay"))))
		})
	rule("amsgrad", "func(p, g, m, v, vmax []float32, "+scalars,
		doc("vmax[i] = scalar.Max(vmax[i], v[i])", "p[i] = fma(-step, m[i]/fma(sqrt(vmax[i]), rbc2, eps), p[i]*decay)"),
		func(k *pass) {
			p, _, m, v := k.moments()
			v = k.max(k.in("vmax"), v)
			k.out("vmax", v)
			w := k.fma(k.sqrt(v), k.arg("rbc2"), k.arg("eps"))
			k.out("p", k.fnma(k.arg("step"), k.div(m, w), k.mul(p, k.arg("decay"))))
		})
	rule("nadam", "func(p, g, m, v []float32, gradStep, "+scalars,
		doc("w := sqrt(v[i]*rbc2) + eps", "p[i] = fma(-step, m[i]/w, fma(-gradStep, d/w, p[i]*decay))"),
		func(k *pass) {
			p, d, m, v := k.moments()
			w := k.add(k.sqrt(k.mul(v, k.arg("rbc2"))), k.arg("eps"))
			p = k.fnma(k.arg("gradStep"), k.div(d, w), k.mul(p, k.arg("decay")))
			k.out("p", k.fnma(k.arg("step"), k.div(m, w), p))
		})
}

// moments updates m and v.
func (k *pass) moments() (p, d, m, v vec) {
	p, d = k.gradient()
	m = k.in("m")
	m = k.fma(k.arg("c1"), k.sub(d, m), m)
	k.out("m", m)
	v = k.fma(k.mul(k.arg("c2"), d), d, k.mul(k.arg("b2"), k.in("v")))
	k.out("v", v)
	return p, d, m, v
}
