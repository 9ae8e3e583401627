package main

import "github.com/mmcloughlin/avo/operand"

// emitRecurrent writes the loops around the products of recurrent nets. In slices of
// several gates the gates lie one behind the other, each as long as the hidden state.
func emitRecurrent(a *asm) {
	for _, f := range []struct {
		name string
		act  func(x vec) vec
		grad func(k *pass, d, y vec) vec
	}{
		{"Tanh", a.tanh, func(k *pass, d, y vec) vec { return k.tanhGrad(d, y) }},
		{"Relu", a.relu, func(k *pass, d, y vec) vec { return k.only(k.compare(isGreater, y, k.num(0)), d) }},
	} {
		a.loop(loop{
			field: "rnn" + f.name, sig: "func(y, h, x, z []float32)", unroll: a.strandsOfMath(), keep: 14,
			doc: []string{"y[i], h[i] = act(x[i] + z[i])"},
			body: func(k *pass) {
				v := f.act(k.add(k.in("x"), k.in("z")))
				k.out("y", v)
				k.out("h", v)
			},
		})
		a.loop(loop{
			field: "rnn" + f.name + "Grad", sig: "func(dx, d, met, dy, dh, y, before []float32)", over: "y", unroll: 2,
			doc: []string{"dx[i], d[i], met[i] = (dy[i] + dh[i]) * act'(y[i]), the same, before[i]"},
			body: func(k *pass) {
				v, b := f.grad(k, k.add(k.in("dy"), k.in("dh")), k.in("y")), k.in("before")
				k.out("dx", v)
				k.out("d", v)
				k.out("met", b)
			},
		})
	}
	emitLSTM(a)
	emitGRU(a)
}

func emitLSTM(a *asm) {
	a.loop(loop{
		field: "lstm", sig: "func(gates, cells, y, h, c, x, z []float32)", over: "c", keep: 14,
		doc: []string{
			"f, i := scalar.Sigmoid(x.f[i] + z.f[i]), scalar.Sigmoid(x.i[i] + z.i[i])",
			"g, o := scalar.Tanh(x.g[i] + z.g[i]), scalar.Sigmoid(x.o[i] + z.o[i])",
			"c[i] = f*c[i] + i*g", "h[i] = o * scalar.Tanh(c[i])", "gates, cells[i], y[i] = i, f, g, o, c[i], h[i]",
		},
		body: func(k *pass) {
			sum := func(n int) vec { g := k.gate("c", n); return g.add(g.in("x"), g.in("z")) }
			store := func(n int, v vec) vec { k.gate("c", n).out("gates", v); return v }
			f := store(1, k.sigmoid(sum(1)))
			c := k.mul(f, k.in("c"))
			i := store(0, k.sigmoid(sum(0)))
			g := store(2, k.tanh(sum(2)))
			c = k.add(c, k.mul(i, g))
			k.out("c", c)
			k.out("cells", c)
			o := store(3, k.sigmoid(sum(3)))
			h := k.mul(o, k.tanh(c))
			k.out("h", h)
			k.out("y", h)
		},
	})
	a.loop(loop{
		field: "lstmGrad", sig: "func(dx, d, met, dc, dy, dh, gates, cells, before, hidden []float32)", over: "dc", keep: 14,
		doc: []string{
			"v, u := scalar.Tanh(cells[i]), dy[i]+dh[i]", "e := dc[i] + u*o*fma(-v, v, 1)",
			"d.i[i], d.f[i] = scalar.SigmoidGrad(e*g, i), scalar.SigmoidGrad(e*before[i], f)",
			"d.g[i], d.o[i] = scalar.TanhGrad(e*i, g), scalar.SigmoidGrad(u*v, o)", "dc[i] = e * f", "dx, met = d, hidden",
		},
		body: func(k *pass) {
			in := func(n int) vec { return k.gate("dc", n).in("gates") }
			store := func(n int, v vec) {
				g := k.gate("dc", n)
				g.out("dx", v)
				g.out("d", v)
			}
			v := k.tanh(k.in("cells"))
			u, o := k.add(k.in("dy"), k.in("dh")), in(3)
			e := k.add(k.in("dc"), k.mul(k.mul(u, o), k.fnma(v, v, k.num(1))))
			store(3, k.sigmoidGrad(k.mul(u, v), o))
			f := in(1)
			k.out("dc", k.mul(e, f))
			store(1, k.sigmoidGrad(k.mul(e, k.in("before")), f))
			i, g := in(0), in(2)
			store(0, k.sigmoidGrad(k.mul(e, g), i))
			store(2, k.tanhGrad(k.mul(e, i), g))
			k.out("met", k.in("hidden"))
		},
	})
}

func emitGRU(a *asm) {
	a.loop(loop{
		field: "gru", sig: "func(gates, q, y, h, x, z, b []float32)", over: "h", keep: 14,
		doc: []string{
			"r, u := scalar.Sigmoid(x.r[i] + (z.r[i] + b.r[i])), scalar.Sigmoid(x.u[i] + (z.u[i] + b.u[i]))",
			"q[i] = z.n[i] + b.n[i]", "n := scalar.Tanh(x.n[i] + r*q[i])", "h[i] = (1-u)*n + u*h[i]", "gates, y[i] = r, u, n, h[i]",
		},
		body: func(k *pass) {
			hidden := func(n int) vec { g := k.gate("h", n); return g.add(g.in("z"), g.in("b")) }
			x := func(n int) vec { return k.gate("h", n).in("x") }
			store := func(n int, v vec) vec { k.gate("h", n).out("gates", v); return v }
			r := store(0, k.sigmoid(k.add(x(0), hidden(0))))
			q := hidden(2)
			k.out("q", q)
			n := store(2, k.tanh(k.add(x(2), k.mul(r, q))))
			u := store(1, k.sigmoid(k.add(x(1), hidden(1))))
			h := k.add(k.mul(k.sub(k.num(1), u), n), k.mul(u, k.in("h")))
			k.out("h", h)
			k.out("y", h)
		},
	})
	a.loop(loop{
		field: "gruGrad", sig: "func(dx, d, met, dh, dy, gates, q, before []float32)", over: "dh",
		doc: []string{
			"v := dh[i] + dy[i]", "n' := scalar.TanhGrad(v*(1-u), n)", "r' := scalar.SigmoidGrad(n'*q[i], r)",
			"u' := scalar.SigmoidGrad(v*(before[i]-n), u)", "dx, d = r', u', n', r', u', n'*r", "dh[i], met[i] = v*u, before[i]",
		},
		body: func(k *pass) {
			in := func(n int) vec { return k.gate("dh", n).in("gates") }
			store := func(slice string, n int, v vec) { k.gate("dh", n).out(slice, v) }
			v := k.add(k.in("dh"), k.in("dy"))
			r, u, n := in(0), in(1), in(2)
			k.out("dh", k.mul(v, u))
			b := k.in("before")
			du := k.sigmoidGrad(k.mul(v, k.sub(b, n)), u)
			dn := k.tanhGrad(k.mul(v, k.sub(k.num(1), u)), n)
			dr := k.sigmoidGrad(k.mul(dn, k.in("q")), r)
			k.out("met", b) // may lie where something was to be read
			store("dx", 0, dr)
			store("d", 0, dr)
			store("dx", 1, du)
			store("d", 1, du)
			store("dx", 2, dn)
			store("d", 2, k.mul(dn, r))
		},
	})
}

func (a *asm) sigmoidGrad(d, y vec) vec { return a.mul(a.mul(d, a.sub(a.num(1), y)), y) }
func (a *asm) tanhGrad(d, y vec) vec    { return a.mul(d, a.fnma(y, y, a.num(1))) }

// gate is the pass for the n-th of several gates, each as long as the slice over.
func (k *pass) gate(over string, n int) *pass {
	k.gated = true
	if n == 0 {
		return k
	}
	g := *k
	g.at = k.GP64()
	k.Load(k.Param(over).Len(), g.at)
	switch n {
	case 1:
		k.SHLQ(operand.U8(2), g.at)
	case 2:
		k.SHLQ(operand.U8(3), g.at)
	case 3:
		k.IMUL3Q(operand.U8(12), g.at, g.at)
	}
	k.ADDQ(k.at, g.at)
	return &g
}
