package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
)

var negInf = math.Inf(-1)

// emitRows writes the loops of softmax, of the normalizations and of sums over
// columns.
func emitRows(a *asm) {
	emitSoftmax(a)
	emitNorm(a)
	emitColumns(a)
	a.sumColumns()
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
	a.loop(loop{
		field: "accNormal", sig: "func(acc, dy, x []float32, mean, rstd float32)", unroll: 2,
		doc:  []string{"acc[i] = fma(dy[i], (x[i]-mean)*rstd, acc[i])"},
		body: func(k *pass) { k.out("acc", k.fma(k.in("dy"), normal(k), k.in("acc"))) },
	})
}

func emitColumns(a *asm) {
	normal := func(k *pass) vec { return k.mul(k.sub(k.in("x"), k.in("mean")), k.in("rstd")) }
	a.loop(loop{
		field: "accSquare", sig: "func(acc, x, mean []float32)", unroll: 2,
		doc: []string{"acc[i] = fma(x[i]-mean[i], x[i]-mean[i], acc[i])"},
		body: func(k *pass) {
			d := k.sub(k.in("x"), k.in("mean"))
			k.out("acc", k.fma(d, d, k.in("acc")))
		},
	})
	a.loop(loop{
		field: "normalizeColumns", sig: "func(y, x, mean, rstd, gamma, beta []float32)", unroll: 2,
		doc:  []string{"y[i] = fma((x[i]-mean[i])*rstd[i], gamma[i], beta[i])"},
		body: func(k *pass) { k.out("y", k.fma(normal(k), k.in("gamma"), k.in("beta"))) },
	})
	a.loop(loop{
		field: "accNormalColumns", sig: "func(acc, dy, x, mean, rstd []float32)", unroll: 2,
		doc:  []string{"acc[i] = fma(dy[i], (x[i]-mean[i])*rstd[i], acc[i])"},
		body: func(k *pass) { k.out("acc", k.fma(k.in("dy"), normal(k), k.in("acc"))) },
	})
	a.loop(loop{
		field: "normGradColumns", sig: "func(dx, dy, x, gamma, mean, rstd, dgamma, dbeta []float32, r float32)",
		doc: []string{"h := (x[i] - mean[i]) * rstd[i]",
			"dx[i] = (gamma[i] * rstd[i]) * fma(-h, dgamma[i]*r, dy[i]-dbeta[i]*r)"},
		body: func(k *pass) {
			r := k.arg("r")
			d := k.sub(k.in("dy"), k.mul(k.in("dbeta"), r))
			d = k.fnma(normal(k), k.mul(k.in("dgamma"), r), d)
			k.out("dx", k.mul(k.mul(k.in("gamma"), k.in("rstd")), d))
		},
	})
}

// sumColumns goes down the rows with the sums of some columns in registers, so
// that each chain has one addition per row.
func (a *asm) sumColumns() {
	a.begin("sumColumns", "sumColumns", "func(dst, x []float32, rows, stride int)", "for j := range dst {",
		[]string{"s := float32(0)", "for i := range rows {", "	s += x[i*stride+j]", "}", "dst[j] = s"})
	k := a.newPass("func(dst, x []float32)")
	n, rows, stride := a.GP64(), a.param("rows"), a.scaled("stride")
	a.Load(a.Param("dst").Len(), n)
	columns := func(vectors int) {
		acc := make([]vec, vectors)
		for i := range acc {
			acc[i] = a.zero()
		}
		top, left := a.GP64(), a.GP64()
		a.MOVQ(k.base["x"], top)
		a.MOVQ(rows, left)
		next := a.label("row")
		a.Label(next)
		for i := range acc {
			k.disp = i * a.bytes()
			a.VADDPS(k.in("x"), acc[i], acc[i])
		}
		a.ADDQ(stride, k.base["x"])
		a.DECQ(left)
		a.JNZ(operand.LabelRef(next))
		for i := range acc {
			k.disp = i * a.bytes()
			k.out("dst", acc[i])
		}
		k.disp = 0
		a.MOVQ(top, k.base["x"])
	}
	a.eachVectors(k, n, 4, columns)
	a.eachVectors(k, n, 1, columns)
	done := a.label("done")
	a.TESTQ(n, n)
	a.JZ(operand.LabelRef(done))
	k.maskRest(n)
	columns(1)
	a.Label(done)
	a.VZEROUPPER()
	a.RET()
}
