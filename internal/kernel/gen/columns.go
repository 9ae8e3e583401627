package main

import (
	"github.com/mmcloughlin/avo/operand"
)

// columnLoop is a routine that goes down the rows of matrices, some columns at a
// time, with what belongs to those columns in registers.
type columnLoop struct {
	field   string
	sig     string // in the end come rows and stride, the distance of rows
	over    string // the slice with one element per column
	doc     []string
	vectors int                             // how many at a time
	sum     bool                            // keeps a sum per column, from 0, and stores it in over
	columns func(k *pass) []vec             // what to load or make once per column
	rows    []string                        // slices with one element per row
	body    func(k *pass, acc vec, c []vec) // does one row; acc is the sum
}

func (a *asm) columnLoop(l columnLoop) {
	a.begin(l.field, l.field, l.sig, "for i := range rows { // and for j := range "+l.over, l.doc)
	k := a.newPass(l.sig)
	n, stride := a.GP64(), a.scaled("stride")
	a.Load(a.Param(l.over).Len(), n)
	group := func(vectors int) { k.downRows(l, vectors, stride) }
	if l.vectors > 1 {
		a.eachVectors(k, n, l.vectors, group)
	}
	a.eachVectors(k, n, 1, group)
	done := a.label("done")
	a.TESTQ(n, n)
	a.JZ(operand.LabelRef(done))
	k.maskRest(n)
	group(1)
	a.Label(done)
	a.VZEROUPPER()
	a.RET()
}

// downRows does all rows of some vectors of columns.
func (k *pass) downRows(l columnLoop, vectors int, stride gp) {
	acc, per := make([]vec, vectors), make([][]vec, vectors)
	each := func(f func(u int)) {
		for u := range vectors {
			k.disp = u * k.bytes()
			f(u)
		}
		k.disp = 0
	}
	each(func(u int) {
		if l.sum {
			acc[u] = k.vec()
			k.clear(acc[u])
		}
		if l.columns != nil {
			per[u] = l.columns(k)
		}
	})
	top, rows := k.GP64(), k.param("rows")
	k.row = k.GP64()
	k.MOVQ(k.at, top)
	k.XORQ(k.row, k.row)
	next := k.label("row")
	k.Label(next)
	for _, name := range l.rows {
		v := k.vec()
		k.VBROADCASTSS(operand.Mem{Base: k.base[name], Index: k.row, Scale: 4}, v)
		k.args[name] = v
	}
	each(func(u int) { l.body(k, acc[u], per[u]) })
	k.ADDQ(stride, k.at)
	k.INCQ(k.row)
	k.CMPQ(k.row, rows)
	k.JB(operand.LabelRef(next))
	k.MOVQ(top, k.at)
	each(func(u int) {
		if l.sum {
			k.out(l.over, acc[u])
		}
	})
}

// emitColumns writes sums over columns and batch normalization.
func emitColumns(a *asm) {
	few := 1
	if a.wide {
		few = 2
	}
	a.columnLoop(columnLoop{
		field: "sumColumns", sig: "func(dst, x []float32, rows, stride int)", over: "dst", vectors: 4, sum: true,
		doc:  []string{"dst[j] += x[i*stride+j] // from 0"},
		body: func(k *pass, acc vec, _ []vec) { k.VADDPS(k.in("x"), acc, acc) },
	})
	a.columnLoop(columnLoop{
		field: "sumSquaresColumns", sig: "func(dst, x, mean []float32, rows, stride int)", over: "dst", vectors: 4, sum: true,
		doc:     []string{"d := x[i*stride+j] - mean[j]", "dst[j] = fma(d, d, dst[j]) // from 0"},
		columns: func(k *pass) []vec { return []vec{k.in("mean")} },
		body: func(k *pass, acc vec, c []vec) {
			d := k.sub(k.in("x"), c[0])
			k.VFMADD231PS(d, d, acc)
		},
	})
	a.columnLoop(columnLoop{
		field: "sumNormalColumns", sig: "func(dst, dy, x, mean, rstd []float32, rows, stride int)", over: "dst",
		vectors: 2 * few, sum: true,
		doc:     []string{"dst[j] = fma(dy[i*stride+j], (x[i*stride+j]-mean[j])*rstd[j], dst[j]) // from 0"},
		columns: func(k *pass) []vec { return []vec{k.in("mean"), k.in("rstd")} },
		body: func(k *pass, acc vec, c []vec) {
			k.VFMADD231PS(k.mul(k.sub(k.in("x"), c[0]), c[1]), k.in("dy"), acc)
		},
	})
	a.columnLoop(columnLoop{
		field: "sumNormalRows", sig: "func(dst, dy, x, mean, rstd []float32, rows, stride int)", over: "dst",
		vectors: 4, sum: true, rows: []string{"mean", "rstd"},
		doc: []string{"dst[j] = fma(dy[i*stride+j], (x[i*stride+j]-mean[i])*rstd[i], dst[j]) // from 0"},
		body: func(k *pass, acc vec, _ []vec) {
			k.VFMADD231PS(k.mul(k.sub(k.in("x"), k.arg("mean")), k.arg("rstd")), k.in("dy"), acc)
		},
	})
	a.columnLoop(columnLoop{
		field: "normalizeColumns", sig: "func(y, x, mean, rstd, gamma, beta []float32, rows, stride int)", over: "mean",
		vectors: 2 * few,
		doc:     []string{"y[i*stride+j] = fma((x[i*stride+j]-mean[j])*rstd[j], gamma[j], beta[j])"},
		columns: func(k *pass) []vec {
			return []vec{k.in("mean"), k.in("rstd"), k.in("gamma"), k.in("beta")}
		},
		body: func(k *pass, _ vec, c []vec) {
			k.out("y", k.fma(k.mul(k.sub(k.in("x"), c[0]), c[1]), c[2], c[3]))
		},
	})
	a.columnLoop(columnLoop{
		field: "normGradColumns",
		sig:   "func(dx, dy, x, gamma, mean, rstd, dgamma, dbeta []float32, r float32, rows, stride int)",
		over:  "mean", vectors: few,
		doc: []string{"h := (x[i*stride+j] - mean[j]) * rstd[j]",
			"dx[i*stride+j] = (gamma[j] * rstd[j]) * fma(-h, dgamma[j]*r, dy[i*stride+j]-dbeta[j]*r)"},
		columns: func(k *pass) []vec {
			r, s := k.arg("r"), k.in("rstd")
			return []vec{k.in("mean"), s, k.mul(k.in("gamma"), s), k.mul(k.in("dgamma"), r), k.mul(k.in("dbeta"), r)}
		},
		body: func(k *pass, _ vec, c []vec) {
			h := k.mul(k.sub(k.in("x"), c[0]), c[1])
			k.out("dx", k.mul(c[2], k.fnma(h, c[3], k.sub(k.in("dy"), c[4]))))
		},
	})
	for _, relu := range []bool{false, true} {
		field, doc := "addRows", "dst[i*stride+j] = x[i*stride+j] + row[j]"
		if relu {
			field, doc = "addReluRows", "dst[i*stride+j] = relu32(x[i*stride+j] + row[j])"
		}
		a.columnLoop(columnLoop{
			field: field, sig: "func(dst, x, row []float32, rows, stride int)", over: "row", vectors: 4, doc: []string{doc},
			columns: func(k *pass) []vec { return []vec{k.in("row")} },
			body: func(k *pass, _ vec, c []vec) {
				v := k.add(k.in("x"), c[0])
				if relu {
					v = k.relu(v)
				}
				k.out("dst", v)
			},
		})
	}
}
