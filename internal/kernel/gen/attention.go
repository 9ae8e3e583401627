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

// rowsOfGroups opens a routine for rows at equal distances. Its body works on one row,
// from which the slices named in wide begin; those in single have one element for it.
func (a *asm) rowsOfGroups(field, sig string, doc []string, wide, single []string, body func(k *pass, n gp)) {
	a.begin(field, field, sig, "for i := range rows {", doc)
	k := &pass{asm: a, base: map[string]gp{}, args: map[string]vec{}, at: a.GP64()}
	for _, s := range append(wide, single...) {
		k.base[s] = a.GP64()
		a.Load(a.Param(s).Base(), k.base[s])
	}
	n, rows, stride := a.param("n"), a.param("rows"), a.scaled("stride")
	if a.wide {
		a.keep(14)
	}
	next := a.label("row")
	a.Label(next)
	body(k, n)
	for _, s := range wide {
		a.ADDQ(stride, k.base[s])
	}
	for _, s := range single {
		a.ADDQ(operand.U8(4), k.base[s])
	}
	a.DECQ(rows)
	a.JNZ(operand.LabelRef(next))
	a.VZEROUPPER()
	a.RET()
}

// eachGroup runs body for each group of a row of n elements, and then unrolled over its vectors.
func (k *pass) eachGroup(n gp, body func()) {
	left, next := k.GP64(), k.label("group")
	k.MOVQ(n, left)
	k.XORQ(k.at, k.at)
	k.Label(next)
	body()
	k.disp = 0
	k.ADDQ(operand.U32(4*totalLanes), k.at)
	k.SUBQ(operand.U8(totalLanes), left)
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
func (k *pass) first(name string) operand.Mem { return operand.Mem{Base: k.base[name]} }

func softmaxRows(a *asm) {
	a.rowsOfGroups("softmaxRows", "func(p, top, change, sum []float32, n, rows, stride int)", []string{
		"	r := p[i*stride:][:n]",
		"	m := max(top[i], max(r...))",
		"	change[i], top[i] = top[i]-m, m",
		"	for j := range r {",
		"		r[j] = weight32(r[j] - m)",
		"		l[j%64] += r[j]",
		"	}",
		"	sum[i] = the lanes of l, folded: lane j takes j+32, then j+16, …",
	}, []string{"p"}, []string{"top", "change", "sum"}, func(k *pass, n gp) {
		const chains = 4
		old := k.vec()
		k.VBROADCASTSS(k.first("top"), old)
		tops := make([]vec, chains)
		for i := range tops {
			tops[i] = k.copy(old)
		}
		k.eachGroup(n, func() {
			for i := range k.vectors() {
				k.disp = i * k.bytes()
				k.VMAXPS(k.place("p"), tops[i%chains], tops[i%chains])
			}
		})
		k.foldLanes(tops, (*asm).larger)
		m := tops[0]
		change := k.sub(old, m)
		k.VMOVSS(m.AsX(), k.first("top"))
		k.VMOVSS(change.AsX(), k.first("change"))
		k.eachGroup(n, func() {
			for i := 0; i < k.vectors(); i += k.woven() {
				k.strands(k.woven(), func(u int) {
					k.disp = (i + u) * k.bytes()
					k.out("p", k.weight(k.sub(k.in("p"), m)))
				})
			}
		})
		sums := make([]vec, k.vectors())
		for i := range sums {
			sums[i] = k.vec()
			k.clear(sums[i])
		}
		k.eachGroup(n, func() {
			for i, v := range sums {
				k.disp = i * k.bytes()
				k.VADDPS(k.place("p"), v, v)
			}
		})
		k.foldLanes(sums, (*asm).add)
		k.VMOVSS(sums[0].AsX(), k.first("sum"))
	})
}

func softmaxGradRows(a *asm) {
	a.rowsOfGroups("softmaxGradRows", "func(p, d, lse, delta []float32, n, rows, stride int)", []string{
		"	for j := range n {",
		"		p[i*stride+j] = weight32(p[i*stride+j] - lse[i])",
		"		d[i*stride+j] = p[i*stride+j] * (d[i*stride+j] - delta[i])",
		"	}",
	}, []string{"p", "d"}, []string{"lse", "delta"}, func(k *pass, n gp) {
		lse, delta := k.vec(), k.vec()
		k.VBROADCASTSS(k.first("lse"), lse)
		k.VBROADCASTSS(k.first("delta"), delta)
		k.eachGroup(n, func() {
			for i := 0; i < k.vectors(); i += k.woven() {
				k.strands(k.woven(), func(u int) {
					k.disp = (i + u) * k.bytes()
					p := k.weight(k.sub(k.in("p"), lse))
					k.out("p", p)
					k.out("d", k.mul(p, k.sub(k.in("d"), delta)))
				})
			}
		})
	})
}
