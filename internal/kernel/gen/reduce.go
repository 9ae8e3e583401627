package main

import (
	"github.com/mmcloughlin/avo/operand"
)

// totalLanes is the number of accumulators of every sum over a vector.
const totalLanes = 64

// reduction is a routine that folds slices into one number over 64 lanes.
type reduction struct {
	field string
	sig   string // with a single unnamed float32 result
	over  string // the slice whose length counts; by default x
	doc   []string
	start float64                       // of every lane
	short bool                          // whether the body is but an instruction or two
	body  func(k *pass, acc vec) vec    // takes in one vector
	quick func(k *pass, x, acc vec) vec // AVX2: the same where there is no NaN
	next  bool                          // whether the row behind this one is wanted next
	fold  func(a *asm, lo, hi op) vec   // by default lo + hi
}

func (a *asm) reduction(r reduction) {
	if a.neon && rareNEON(r.field) {
		return
	}
	if r.over == "" {
		r.over = "x"
	}
	if r.fold == nil {
		r.fold = (*asm).add
	}
	a.begin(r.field, r.field, r.sig, "for i := range "+r.over+" {", append(r.doc, "with l of 64 lanes, folded in the end: lane i takes i+32, then i+16, …"))
	k := a.newPass(r.sig)
	a.keep(14)
	n := a.GP64()
	a.Load(a.Param(r.over).Len(), n)
	if a.neon {
		a.reductionNEON(r, k, n)
		return
	}
	acc := make([]vec, totalLanes/a.lanes())
	for i := range acc {
		acc[i] = a.vec()
	}
	a.begins(acc, r.start)
	take := func() {
		woven := 1
		if a.wide {
			woven = len(acc) // AVX2 has no registers for more
		}
		for i := 0; i < len(acc); i += woven {
			a.strands(woven, func(u int) {
				k.disp = (i + u) * a.bytes()
				a.VMOVAPS(r.body(k, acc[i+u]), acc[i+u])
			})
		}
		k.disp = 0
	}
	if r.quick != nil && !a.wide {
		a.numbers(r, k, n, acc)
	}
	var next gp
	if r.next {
		next = a.nextRow(r)
	}
	a.eachVectors(k, n, len(acc), func(int) {
		if r.next {
			a.prefetchRow(k, next)
		}
		take()
	})

	done := a.label("done")
	a.TESTQ(n, n)
	a.JZ(operand.LabelRef(done))
	for i := range acc {
		k.disp = i * a.bytes()
		k.maskUpTo(n)
		a.VMOVAPS(r.body(k, acc[i]), acc[i])
		if i < len(acc)-1 {
			a.SUBQ(operand.U8(a.lanes()), n)
			a.JBE(operand.LabelRef(done))
		}
	}
	a.Label(done)
	a.foldLanes(acc, r.fold)
	result, err := a.ReturnIndex(0).Resolve()
	if err != nil {
		panic(err)
	}
	a.VMOVSS(acc[0].AsX(), result.Addr) // Store would take an SSE instruction
	a.VZEROUPPER()
	a.RET()
}

// begins sets all accumulators.
func (a *asm) begins(acc []vec, start float64) {
	for _, v := range acc {
		if start == 0 {
			a.clear(v)
		} else {
			a.VMOVUPS(a.num(start), v)
		}
	}
}

// numbers takes whole blocks by what is right where there is no NaN. If there was one, all is as before again.
func (a *asm) numbers(r reduction, k *pass, n gp, acc []vec) {
	unordered := a.vec()
	a.clear(unordered)
	a.eachVectors(k, n, len(acc), func(int) {
		for i := 0; i < len(acc); i += 2 {
			k.disp = i * a.bytes()
			x := k.in(r.over)
			k.disp += a.bytes()
			y := k.in(r.over)
			m := a.compare(isUnordered, x, y)
			a.VMOVAPS(a.or(unordered, m.v), unordered)
			a.VMOVAPS(r.quick(k, x, acc[i]), acc[i])
			a.VMOVAPS(r.quick(k, y, acc[i+1]), acc[i+1])
		}
		k.disp = 0
	})
	found, none := a.GP32(), a.label("numbers")
	a.VMOVMSKPS(unordered, found)
	a.TESTL(found, found)
	a.JZ(operand.LabelRef(none))
	a.XORQ(k.at, k.at)
	a.Load(a.Param(r.over).Len(), n)
	a.begins(acc, r.start)
	a.Label(none)
}

// farAhead is how many bytes ahead of a row the next one is asked for, at most.
const farAhead = 8 << 10

// nextRow is the distance at which the next row stands, in bytes, but no farther than the first-level cache holds.
func (a *asm) nextRow(r reduction) gp {
	d, most := a.GP64(), a.GP64()
	a.Load(a.Param(r.over).Len(), d)
	a.SHLQ(operand.U8(2), d)
	a.MOVQ(operand.U32(farAhead), most)
	a.CMPQ(d, most)
	a.CMOVQHI(most, d)
	return d
}

// prefetchRow asks for a block of all slices so many bytes ahead: the processor does not foresee the next page, and one row is
// computed while the next one comes.
func (a *asm) prefetchRow(k *pass, d gp) {
	to := a.GP64()
	slices, _ := parameters(k.sig)
	for _, s := range slices {
		a.LEAQ(operand.Mem{Base: k.base[s], Index: d, Scale: 1}, to)
		for at := 0; at < 4*totalLanes; at += 64 {
			a.PREFETCHT0(operand.Mem{Base: to, Index: k.at, Scale: 1, Disp: at})
		}
	}
}

// maskUpTo makes the pass one for the first min(n, lanes) elements.
func (k *pass) maskUpTo(n gp) {
	k.masked = true
	if k.wide {
		k.kmask = k.opmask(n)
		return
	}
	all, m := k.GP64(), k.GP64()
	k.MOVQ(operand.U32(8), all)
	k.MOVQ(n, m)
	k.CMPQ(m, all)
	k.CMOVQHI(all, m)
	k.mask256 = k.tableMask(m)
}

// foldLanes leaves the fold of all lanes in the lowest of acc[0].
func (a *asm) foldLanes(acc []vec, fold func(a *asm, lo, hi op) vec) {
	for h := len(acc) / 2; h > 0; h /= 2 {
		for i := range h {
			a.VMOVAPS(fold(a, acc[i], acc[i+h]), acc[i])
		}
	}
	// Within a register the upper part comes down; what then stands above it
	// is of no account.
	down := a.vec()
	if a.neon {
		for _, bytes := range []int{8, 4} {
			down := a.native("ext", acc[0], acc[0], operand.U8(bytes))
			a.VMOVAPS(fold(a, acc[0], down), acc[0])
		}
		return
	}
	if a.wide {
		a.VSHUFF32X4(operand.U8(0x4e), acc[0], acc[0], down)
		a.VMOVAPS(fold(a, acc[0], down), acc[0])
		a.VSHUFF32X4(operand.U8(0xb1), acc[0], acc[0], down)
	} else {
		a.VPERM2F128(operand.U8(0x01), acc[0], acc[0], down)
	}
	a.VMOVAPS(fold(a, acc[0], down), acc[0])
	for _, order := range []int{0x4e, 0xb1} {
		a.VPERMILPS(operand.U8(order), acc[0], down)
		a.VMOVAPS(fold(a, acc[0], down), acc[0])
	}
}

// emitReductions writes the sums over a vector.
func emitReductions(a *asm) {
	a.reduction(reduction{
		field: "sum", sig: "func(x []float32) float32", doc: []string{"l[i%64] += x[i]"}, short: true,
		body: func(k *pass, acc vec) vec { return k.add(acc, k.in("x")) },
	})
	a.reduction(reduction{
		field: "dot", sig: "func(a, b []float32) float32", over: "a", doc: []string{"l[i%64] = fma(a[i], b[i], l[i%64])"}, short: true,
		body: func(k *pass, acc vec) vec { return k.fma(k.in("a"), k.in("b"), acc) },
	})
	a.reduction(reduction{
		field: "maxOf", sig: "func(x []float32) float32", doc: []string{"l[i%64] = scalar.Max(l[i%64], x[i])"},
		start: negInf, fold: (*asm).max, quick: func(k *pass, x, acc vec) vec { return k.larger(acc, x) },
		body: func(k *pass, acc vec) vec { return k.max(acc, k.insideOr(k.in("x"), k.num(negInf))) },
	})
}
