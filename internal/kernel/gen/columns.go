package main

import (
	"strings"

	"github.com/mmcloughlin/avo/operand"
)

// columnLoop is a routine that goes down the rows of matrices, some columns at a
// time, with what belongs to those columns in registers.
type columnLoop struct {
	field   string
	sig     string // in the end come rows and stride, the distance of rows
	over    string // the slice with one element per column
	doc     []string
	vectors int                               // how many at a time
	sums    []string                          // slices that take a sum per column, from 0
	columns func(k *pass) []vec               // what to load or make once per column
	rows    []string                          // slices with one element per row
	body    func(k *pass, acc []vec, c []vec) // does one row; acc are the sums
}

func (a *asm) columnLoop(l columnLoop) {
	a.begin(l.field, l.field, l.sig, "for i := range rows { // and for j := range "+l.over, l.doc)
	k := a.newPass(l.sig)
	n, stride := a.GP64(), a.scaled("stride")
	a.Load(a.Param(l.over).Len(), n)
	group := func(vectors int) { k.downRows(l, vectors, stride) }
	if a.neon {
		l.vectors = min(l.vectors, 1+len(l.sums)) // only sums wait for one another
	}
	if l.vectors > 1 {
		a.eachVectors(k, n, l.vectors, group)
	}
	a.eachVectors(k, n, 1, group)
	k.rest(n, func() { group(1) })
	a.VZEROUPPER()
	a.RET()
}

// downRows does all rows of some vectors of columns.
func (k *pass) downRows(l columnLoop, vectors int, stride gp) {
	acc, per := make([][]vec, vectors), make([][]vec, vectors)
	each := func(f func(u int)) {
		for u := range vectors {
			k.disp = u * k.bytes()
			f(u)
		}
		k.disp = 0
	}
	each(func(u int) {
		for range l.sums {
			v := k.vec()
			k.clear(v)
			acc[u] = append(acc[u], v)
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
		for i, name := range l.sums {
			k.out(name, acc[u][i])
		}
	})
}

// emitColumns writes what goes down columns.
func emitColumns(a *asm) {
	a.columnLoop(columnLoop{
		field: "sumColumns", sig: "func(dst, x []float32, rows, stride int)", over: "dst", vectors: 4, sums: []string{"dst"},
		doc:  []string{"dst[j] += x[i*stride+j] // from 0"},
		body: func(k *pass, acc, _ []vec) { k.VADDPS(k.in("x"), acc[0], acc[0]) },
	})
	for _, relu := range []bool{false, true} {
		field, doc := "addRows", "dst[i*stride+j] = x[i*stride+j] + row[j]"
		if relu {
			field, doc = "addReluRows", "dst[i*stride+j] = scalar.Relu(x[i*stride+j] + row[j])"
		}
		a.columnLoop(columnLoop{
			field: field, sig: "func(dst, x, row []float32, rows, stride int)", over: "row", vectors: 4, doc: []string{doc},
			columns: func(k *pass) []vec { return []vec{k.in("row")} },
			body: func(k *pass, _, c []vec) {
				v := k.add(k.in("x"), c[0])
				if relu {
					v = k.relu(v)
				}
				k.out("dst", v)
			},
		})
	}
}

// emitBatchNorm writes batch normalization, alone and with a relu behind it.
func emitBatchNorm(a *asm) {
	a.columnLoop(columnLoop{
		field: "sumSquaresColumns", sig: "func(dst, x, mean []float32, rows, stride int)", over: "dst", vectors: 4,
		sums:    []string{"dst"},
		doc:     []string{"d := x[i*stride+j] - mean[j]", "dst[j] = fma(d, d, dst[j]) // from 0"},
		columns: func(k *pass) []vec { return []vec{k.in("mean")} },
		body: func(k *pass, acc, c []vec) {
			d := k.sub(k.in("x"), c[0])
			k.VFMADD231PS(d, d, acc[0])
		},
	})
	few := 1
	if a.many() {
		few = 4
	}
	for _, relu := range []bool{false, true} {
		suffix, y, dy := "", "fma(x[i*stride+j]-mean[j], scale[j], shift[j])", "dy[i*stride+j]"
		affine, shift := "", ""
		var open []string
		if relu {
			open = []string{"g := " + dy + " // 0 unless " + y + " > 0"}
			suffix, y, dy, affine, shift = "Relu", "scalar.Relu("+y+")", "g", ", scale, shift", ", shift"
		}
		// gated is dy, or 0 where the relu lets nothing through; d is x-mean.
		gated := func(k *pass, d, scale, shift vec) vec {
			if !relu {
				return k.in("dy")
			}
			return k.only(k.compare(isGreater, k.fma(d, scale, shift), k.num(0)), k.in("dy"))
		}
		load := func(names string) func(k *pass) []vec {
			return func(k *pass) (c []vec) {
				for _, name := range strings.Split(names, ", ") {
					c = append(c, k.in(name))
				}
				return c
			}
		}
		a.columnLoop(columnLoop{
			field: "normalizeColumns" + suffix, sig: "func(y, x, mean, scale, shift []float32, rows, stride int)", over: "mean",
			vectors: max(2, few),
			doc:     []string{"y[i*stride+j] = " + y},
			columns: load("mean, scale, shift"),
			body: func(k *pass, _, c []vec) {
				v := k.fma(k.sub(k.in("x"), c[0]), c[1], c[2])
				if relu {
					v = k.relu(v)
				}
				k.out("y", v)
			},
		})
		a.columnLoop(columnLoop{
			field: "sumGradColumns" + suffix, sig: "func(dyx, dys, dy, x, mean" + affine + " []float32, rows, stride int)", over: "mean",
			vectors: few, sums: []string{"dyx", "dys"},
			doc: append(open, "dyx[j] = fma("+dy+", x[i*stride+j]-mean[j], dyx[j]) // from 0",
				"dys[j] += "+dy+" // from 0"),
			columns: load("mean" + affine),
			body: func(k *pass, acc, c []vec) {
				d := k.sub(k.in("x"), c[0])
				g := gated(k, d, c[len(c)/2], c[len(c)-1])
				k.VFMADD231PS(d, g, acc[0])
				k.VADDPS(g, acc[1], acc[1])
			},
		})
		a.columnLoop(columnLoop{
			field: "normGradColumns" + suffix, sig: "func(dx, dy, x, mean, scale, p, q" + shift + " []float32, rows, stride int)",
			over: "mean", vectors: few,
			doc:     append(open, "dx[i*stride+j] = fma("+dy+", scale[j], fma(x[i*stride+j]-mean[j], p[j], q[j]))"),
			columns: load("mean, scale, p, q" + shift),
			body: func(k *pass, _, c []vec) {
				d := k.sub(k.in("x"), c[0])
				k.out("dx", k.fma(gated(k, d, c[1], c[len(c)-1]), c[1], k.fma(d, c[2], c[3])))
			},
		})
	}
}
