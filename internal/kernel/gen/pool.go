package main

import (
	"github.com/mmcloughlin/avo/operand"
)

// window is a routine that goes through windows of one form, some vectors of channels at a time. The pass that its body
// gets stands at the channels of a window's first element.
type window struct {
	field   string
	sig     string // with offsets, n and channels
	doc     []string
	vectors int         // how many at a time
	steps   [][2]string // slices, each with the parameter that tells how far its windows lie apart
	body    func(w *taps, vectors int)
}

// taps is a pass over one window.
type taps struct {
	*pass
	offsets, count gp
}

func (a *asm) window(w window) {
	if a.neon && rareNEON(w.field) {
		return
	}
	a.begin(w.field, w.field, w.sig, "for i := range n { // and for j := range channels", w.doc)
	k := a.newPass(w.sig)
	t := &taps{pass: k, offsets: a.GP64(), count: a.GP64()}
	a.Load(a.Param("offsets").Base(), t.offsets)
	a.Load(a.Param("offsets").Len(), t.count)
	windows, rest := a.param("n"), a.GP64()
	next := a.label("window")
	a.Label(next)
	a.XORQ(k.at, k.at)
	a.Load(a.Param("channels"), rest)
	group := func(vectors int) { w.body(t, vectors) }
	if w.vectors > 1 {
		a.eachVectors(k, rest, w.vectors, group)
	}
	a.eachVectors(k, rest, 1, group)
	k.rest(rest, func() { group(1) })
	for _, s := range w.steps {
		step := a.param(s[1])
		a.LEAQ(operand.Mem{Base: k.base[s[0]], Index: step, Scale: 4}, k.base[s[0]])
	}
	a.DECQ(windows)
	a.JNZ(operand.LabelRef(next))
	a.VZEROUPPER()
	a.RET()
}

// each runs do for u < vectors, the pass standing at vector u.
func (k *pass) each(vectors int, do func(u int)) {
	for u := range vectors {
		k.disp = u * k.bytes()
		do(u)
	}
	k.disp = 0
}

// at runs do with the pass moved to element i of the window.
func (t *taps) element(i gp, do func()) {
	home, place := t.at, t.GP64()
	t.MOVQ(operand.Mem{Base: t.offsets, Index: i, Scale: 8}, place)
	t.LEAQ(operand.Mem{Base: home, Index: place, Scale: 4}, place)
	t.at = place
	do()
	t.at = home
}

// through runs do for the elements from i on up to end, of which there is at least one.
func (t *taps) through(i, end gp, do func()) {
	next := t.label("element")
	t.Label(next)
	t.element(i, do)
	t.INCQ(i)
	t.CMPQ(i, end)
	t.JB(operand.LabelRef(next))
}

// afterFirst runs first for the first element and then do for the others.
func (t *taps) afterFirst(first, do func(i gp)) {
	i, one := t.GP64(), t.label("one")
	t.XORQ(i, i)
	t.element(i, func() { first(i) })
	t.INCQ(i)
	t.CMPQ(i, t.count)
	t.JAE(operand.LabelRef(one))
	t.through(i, t.count, func() { do(i) })
	t.Label(one)
}

// number is i in every lane.
func (a *asm) number(i gp) vec {
	if a.neon {
		return a.native("dupw", i)
	}
	x, v := a.XMM(), a.vec()
	a.VMOVD(i.As32(), x)
	a.VPBROADCASTD(x, v)
	return v
}

// either is where m or n holds.
func (a *asm) either(m, n mask) mask {
	if a.wide {
		k := a.K()
		a.KORW(m.k, n.k, k)
		return mask{k: k}
	}
	m, n = a.upright(m), a.upright(n)
	return mask{v: a.or(m.v, n.v)}
}

// emitPool writes the loops of pooling.
func emitPool(a *asm) {
	few := 2
	switch {
	case a.wide:
		few = 4
	case a.neon:
		few = 1
	}
	a.window(window{
		field: "poolMax", sig: "func(dst, x []float32, offsets []int, n, channels, dstep, step int)", vectors: few,
		doc:   []string{"dst[i*dstep+j] = max of x[i*step+offsets[k]+j] over k, the first of equals"},
		steps: [][2]string{{"dst", "dstep"}, {"x", "step"}},
		body: func(t *taps, vectors int) {
			best := make([]vec, vectors)
			t.afterFirst(func(gp) { t.each(vectors, func(u int) { best[u] = t.in("x") }) },
				func(gp) {
					t.each(vectors, func(u int) { t.VMOVAPS(t.max(t.in("x"), best[u]), best[u]) })
				})
			t.each(vectors, func(u int) { t.out("dst", best[u]) })
		},
	})
	for _, add := range []bool{false, true} {
		field, doc := "poolMaxGrad", "dx[i*step+offsets[k]+j] = k == at ? dy[i*dstep+j] : 0 // from <= k < to"
		if add {
			field, doc = "poolMaxGradAdd", "dx[i*step+offsets[k]+j] += k == at ? dy[i*dstep+j] : 0 // from <= k < to"
		}
		a.window(window{
			field: field, sig: "func(dx, x, dy []float32, offsets []int, n, channels, step, dstep, from, to int)", vectors: few,
			doc:   []string{"at := the k of the largest x[i*step+offsets[k]+j], the first of equals and the last NaN", doc},
			steps: [][2]string{{"dx", "step"}, {"x", "step"}, {"dy", "dstep"}},
			body:  func(t *taps, vectors int) { t.maxGrad(vectors, add) },
		})
	}
	a.window(window{
		field: "poolSum", sig: "func(dst, x []float32, offsets []int, w []float32, div float32, n, channels, dstep, step int)",
		vectors: few,
		doc: []string{"sum := w[0] * x[i*step+offsets[0]+j]", "sum = fma(w[k], x[i*step+offsets[k]+j], sum) // k = 1, 2, …",
			"dst[i*dstep+j] = div == 1 ? sum : sum / div"},
		steps: [][2]string{{"dst", "dstep"}, {"x", "step"}},
		body:  func(t *taps, vectors int) { t.sum(vectors) },
	})
}

func (t *taps) maxGrad(vectors int, add bool) {
	best, at := make([]vec, vectors), make([]vec, vectors)
	t.afterFirst(func(gp) {
		t.each(vectors, func(u int) {
			best[u], at[u] = t.in("x"), t.vec()
			t.clear(at[u])
		})
	}, func(i gp) {
		number := t.number(i)
		t.each(vectors, func(u int) {
			x := t.in("x")
			m := t.either(t.compare(isGreater, x, best[u]), t.compare(isUnordered, x, x))
			t.VMOVAPS(t.choose(m, x, best[u]), best[u])
			t.VMOVAPS(t.choose(m, number, at[u]), at[u])
		})
	})
	dy := make([]vec, vectors)
	t.each(vectors, func(u int) { dy[u] = t.in("dy") })
	i, to := t.param("from"), t.param("to")
	t.through(i, to, func() {
		number := t.number(i)
		t.each(vectors, func(u int) {
			v := t.only(t.equalInt(at[u], number), dy[u])
			if add {
				v = t.add(t.in("dx"), v)
			}
			t.out("dx", v)
		})
	})
}

func (t *taps) sum(vectors int) {
	sum := make([]vec, vectors)
	weight := func(i gp) vec {
		v := t.vec()
		t.VBROADCASTSS(operand.Mem{Base: t.base["w"], Index: i, Scale: 4}, v)
		return v
	}
	t.afterFirst(func(i gp) {
		w := weight(i)
		t.each(vectors, func(u int) { sum[u] = t.mul(t.in("x"), w) })
	}, func(i gp) {
		w := weight(i)
		t.each(vectors, func(u int) { t.VFMADD231PS(t.in("x"), w, sum[u]) })
	})
	whole, bits := t.label("whole"), t.GP64()
	addr, err := t.Param("div").Resolve()
	if err != nil {
		panic(err)
	}
	t.MOVL(addr.Addr, bits.As32())
	t.CMPL(bits.As32(), operand.U32(0x3f800000)) // 1
	t.JE(operand.LabelRef(whole))
	t.each(vectors, func(u int) { t.VDIVPS(t.arg("div"), sum[u], sum[u]) })
	t.Label(whole)
	t.each(vectors, func(u int) { t.out("dst", sum[u]) })
}
