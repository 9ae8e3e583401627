package main

import (
	"github.com/mmcloughlin/avo/operand"
)

// emitAttention writes what happens to a block of scores: rows of whole groups of 64
// elements, at equal distances.
func emitAttention(a *asm) {
	softmaxRows(a)
	softmaxGradRows(a)
}

// groupRows is a routine for rows of whole groups at equal distances. One row begins where
// a slice named in long does; slices in single have one element for it.
type groupRows struct {
	*pass
	long, single    []string
	n, rows, stride gp
}

func (a *asm) groupRows(field, sig string, doc, long, single []string) *groupRows {
	a.begin(field, field, sig, "for i := range rows {", doc)
	k := &pass{asm: a, base: map[string]gp{}, args: map[string]vec{}, at: a.GP64()}
	g := &groupRows{k, long, single, a.param("n"), a.param("rows"), a.scaled("stride")}
	if a.many() {
		a.keep(14)
	}
	return g
}

// eachRow runs body for all rows.
func (g *groupRows) eachRow(body func()) {
	left, next := g.GP64(), g.label("row")
	g.MOVQ(g.rows, left)
	for _, s := range append(g.long[:len(g.long):len(g.long)], g.single...) {
		g.base[s] = g.GP64()
		g.Load(g.Param(s).Base(), g.base[s])
	}
	g.Label(next)
	body()
	for _, s := range g.long {
		g.ADDQ(g.stride, g.base[s])
	}
	for _, s := range g.single {
		g.ADDQ(operand.U8(4), g.base[s])
	}
	g.DECQ(left)
	g.JNZ(operand.LabelRef(next))
}

func (g *groupRows) end() {
	g.VZEROUPPER()
	g.RET()
}

// eachGroup runs body for each group of a row.
func (k *groupRows) eachGroup(body func()) { k.eachOf(totalLanes, body) }

// eachVector runs body for each vector of a row, some of them side by side. NEON takes them one by one.
func (k *groupRows) eachVector(body func(u int)) {
	if k.neon {
		k.eachOf(k.lanes(), func() { body(0) })
		return
	}
	k.eachGroup(func() {
		for i := 0; i < k.vectors(); i += k.woven() {
			k.strands(k.woven(), func(u int) {
				k.disp = (i + u) * k.bytes()
				body(i + u)
			})
		}
	})
}

// eachOf runs body for each so many elements of a row.
func (k *groupRows) eachOf(elements int, body func()) {
	left, next := k.GP64(), k.label("group")
	k.MOVQ(k.n, left)
	k.XORQ(k.at, k.at)
	k.Label(next)
	body()
	k.disp = 0
	k.ADDQ(operand.U32(4*elements), k.at)
	k.SUBQ(operand.U8(elements), left)
	k.JNZ(operand.LabelRef(next))
}

// vectors is how many make a group.
func (a *asm) vectors() int { return totalLanes / a.lanes() }

// woven is how many vectors go through an exponential side by side.
func (a *asm) woven() int {
	if a.wide {
		return 4
	}
	return 2 // there are no registers for more
}

// first is the element of a slice that belongs to the row.
func (k *groupRows) first(name string) operand.Mem { return operand.Mem{Base: k.base[name]} }

// softmaxRows finds the maxima of all rows first: so nothing waits for the maximum of its row.
func softmaxRows(a *asm) {
	k := a.groupRows("softmaxRows", "func(p, top, change, sum []float32, n, rows, stride int)", []string{
		"	r := p[i*stride:][:n]",
		"	m := max(top[i], max(r...))",
		"	change[i], top[i] = top[i]-m, m",
		"	for j := range r {",
		"		r[j] = weight32(r[j] - m)",
		"		l[j%64] += r[j]",
		"	}",
		"	sum[i] = the lanes of l, folded: lane j takes j+32, then j+16, …",
	}, []string{"p"}, []string{"top", "change", "sum"})
	k.eachRow(func() { k.raise(4) })
	k.eachRow(func() {
		m := k.vec()
		k.VBROADCASTSS(k.first("top"), m)
		sums := make([]vec, k.vectors())
		for i := range sums {
			sums[i] = k.vec()
			if k.wide {
				k.clear(sums[i])
			}
		}
		k.eachVector(func(u int) {
			w := k.weight(k.sub(k.in("p"), m))
			k.out("p", w)
			if k.wide {
				k.VADDPS(w, sums[u], sums[u])
			}
		})
		if !k.wide { // there are no registers to add up at once
			for _, v := range sums {
				k.clear(v)
			}
			k.eachGroup(func() {
				for i, v := range sums {
					k.disp = i * k.bytes()
					k.VADDPS(k.place("p"), v, v)
				}
			})
		}
		k.foldLanes(sums, (*asm).add)
		k.VMOVSS(sums[0].AsX(), k.first("sum"))
	})
	k.end()
}

// raise takes the maximum of a row and top, in so many chains.
func (k *groupRows) raise(chains int) {
	old := k.vec()
	k.VBROADCASTSS(k.first("top"), old)
	tops := make([]vec, chains)
	for i := range tops {
		tops[i] = k.copy(old)
	}
	higher := (*asm).larger
	if k.neon {
		higher = func(a *asm, x, y op) vec { return a.native("fmax", x, y) }
		k.eachOf(chains*k.lanes(), func() {
			for i, v := range tops {
				k.disp = i * k.bytes()
				k.VMOVAPS(higher(k.asm, v, k.in("p")), v)
			}
		})
	} else {
		k.eachGroup(func() {
			for i := range k.vectors() {
				k.disp = i * k.bytes()
				k.VMAXPS(k.place("p"), tops[i%chains], tops[i%chains])
			}
		})
	}
	k.foldLanes(tops, higher)
	k.VMOVSS(tops[0].AsX(), k.first("top"))
	k.VMOVSS(k.sub(old, tops[0]).AsX(), k.first("change"))
}

func softmaxGradRows(a *asm) {
	k := a.groupRows("softmaxGradRows", "func(p, d, lse, delta []float32, n, rows, stride int)", []string{
		"	for j := range n {",
		"		p[i*stride+j] = weight32(p[i*stride+j] - lse[i])",
		"		d[i*stride+j] = p[i*stride+j] * (d[i*stride+j] - delta[i])",
		"	}",
	}, []string{"p", "d"}, []string{"lse", "delta"})
	k.eachRow(func() {
		lse, delta := k.vec(), k.vec()
		k.VBROADCASTSS(k.first("lse"), lse)
		k.VBROADCASTSS(k.first("delta"), delta)
		k.eachVector(func(int) {
			p := k.weight(k.sub(k.in("p"), lse))
			k.out("p", p)
			k.out("d", k.mul(p, k.sub(k.in("d"), delta)))
		})
	})
	k.end()
}
