package main

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// loop is a routine that does the same for every index of some slices.
type loop struct {
	field  string   // where it stands in the table of its package
	name   string   // its Go name without the suffix; by default the field
	sig    string   // its Go signature
	over   string   // the slice whose length counts; by default x
	doc    []string // the body of its Go loop
	unroll int      // how many vectors at a time; by default 1
	keep   int      // how many constants to keep in registers
	body   func(k *pass)
	ahead  bool // whether to ask for what comes next, as the processor does not across pages
}

// pass is one run through the body of a loop, for a whole vector or for a
// masked rest.
type pass struct {
	*asm
	base    map[string]gp
	args    map[string]vec
	sig     string
	at      gp  // index of the vector, in bytes
	disp    int // and further bytes
	row     gp  // the row, in a columnLoop
	masked  bool
	kmask   reg.OpmaskVirtual
	mask256 operand.Mem
}

func (a *asm) loop(l loop) {
	if a.neon && rareNEON(l.field) {
		return
	}
	if l.name == "" {
		l.name = l.field
	}
	if l.over == "" {
		l.over = "x"
	}
	a.begin(l.field, l.name, l.sig, "for i := range "+l.over+" {", l.doc)
	k := a.newPass(l.sig)
	a.keep(l.keep)
	n := a.GP64()
	a.Load(a.Param(l.over).Len(), n)
	body := func(vectors int) {
		if l.ahead && vectors > 1 {
			k.prefetchAhead(aheadOfLoop, vectors)
		}
		a.strands(vectors, func(u int) {
			k.disp = u * a.bytes()
			l.body(k)
		})
		k.disp = 0
	}
	if l.unroll > 1 && !a.neon { // renaming reaches farther than one round
		a.eachVectors(k, n, l.unroll, body)
	}
	before := a.instructions()
	a.eachVectors(k, n, 1, body)
	if long := a.instructions() - before; a.neon && long > longBody {
		a.wholeVectors(l)
	} else {
		k.rest(n, func() { l.body(k) })
	}
	a.VZEROUPPER()
	a.RET()
}

// aheadOfLoop is how many bytes ahead a loop asks for what comes next.
const aheadOfLoop = 1 << 10

// prefetchAhead asks for what so many vectors of all slices will be, so many bytes ahead.
func (k *pass) prefetchAhead(bytes, vectors int) {
	if k.neon {
		return
	}
	slices, _ := parameters(k.sig)
	for _, s := range slices {
		for at := 0; at < vectors*k.bytes(); at += 64 {
			k.PREFETCHT0(operand.Mem{Base: k.base[s], Index: k.at, Scale: 1, Disp: bytes + at})
		}
	}
}

// begin opens a routine, and notes it for the table of its instruction set
// unless it has no field there.
func (a *asm) begin(field, name, sig, head string, doc []string) {
	if field != "" {
		a.table = append(a.table, [2]string{field, name + a.suffix()})
	}
	a.Function(name + a.suffix())
	a.function, a.kept, a.gated = name, map[uint32]vec{}, false
	lines := []string{name + a.suffix() + " is", ""}
	if head != "" {
		lines = append(lines, "	"+head)
	}
	for _, d := range doc {
		if head != "" {
			d = "	" + d
		}
		lines = append(lines, "	"+d)
	}
	if head != "" {
		lines = append(lines, "	}")
	}
	a.Doc(lines...)
	a.Pragma("noescape")
	a.SignatureExpr(sig)
}

// eachVectors runs body while there are at least so many vectors left.
func (a *asm) eachVectors(k *pass, n gp, vectors int, body func(vectors int)) {
	next, done := a.label("next"), a.label("last")
	step := vectors * a.lanes()
	if a.neon {
		a.SUBQ(operand.U32(step), n)
		a.JB(operand.LabelRef(done))
		a.Label(next)
		body(vectors)
		a.ADDQ(operand.U32(4*step), k.at)
		a.SUBQ(operand.U32(step), n)
		a.JAE(operand.LabelRef(next))
		a.Label(done)
		a.ADDQ(operand.U32(step), n)
		return
	}
	a.CMPQ(n, operand.U32(step))
	a.JB(operand.LabelRef(done))
	a.Label(next)
	body(vectors)
	a.ADDQ(operand.U32(4*step), k.at)
	a.SUBQ(operand.U32(step), n)
	a.CMPQ(n, operand.U32(step))
	a.JAE(operand.LabelRef(next))
	a.Label(done)
}

// rest runs body for the last n elements, n less than a vector: masked, or, without masks,
// one by one in the lowest lane.
func (k *pass) rest(n gp, body func()) {
	done := k.label("done")
	k.TESTQ(n, n)
	k.JZ(operand.LabelRef(done))
	if !k.neon {
		k.maskRest(n)
		body()
		k.Label(done)
		return
	}
	k.masked = true
	next := k.label("single")
	k.Label(next)
	body()
	k.ADDQ(operand.U8(4), k.at)
	k.DECQ(n)
	k.JNZ(operand.LabelRef(next))
	k.Label(done)
	k.masked = false
}

// newPass loads what the parameters of a signature say.
func (a *asm) newPass(sig string) *pass {
	k := &pass{asm: a, base: map[string]gp{}, args: map[string]vec{}, sig: sig, at: a.GP64()}
	slices, scalars := parameters(sig)
	for _, s := range slices {
		k.base[s] = a.GP64()
		a.Load(a.Param(s).Base(), k.base[s])
	}
	if a.many() || len(scalars) <= 5 {
		for _, s := range scalars {
			k.args[s] = k.broadcast(s)
		}
	}
	a.XORQ(k.at, k.at)
	return k
}

// argumentNames are the names in a list of parameters.
func argumentNames(list string) (names []string) {
	for _, p := range strings.Split(list, ",") {
		names = append(names, strings.Fields(p)[0])
	}
	return names
}

// parameters lists the slices and the float32 of a signature.
func parameters(sig string) (slices, scalars []string) {
	list := sig[strings.Index(sig, "(")+1 : strings.Index(sig, ")")]
	var names []string
	for _, p := range strings.Split(list, ",") {
		f := strings.Fields(p)
		names = append(names, f[0])
		if len(f) == 1 {
			continue
		}
		switch f[1] {
		case "[]float32", "[]uint32", "[]uint16":
			slices = append(slices, names...)
		case "float32", "uint32":
			scalars = append(scalars, names...)
		}
		names = nil
	}
	return slices, scalars
}

func (k *pass) broadcast(name string) vec {
	addr, err := k.Param(name).Resolve()
	if err != nil {
		panic(fmt.Sprint(name, ": ", err))
	}
	v := k.vec()
	k.VBROADCASTSS(addr.Addr, v)
	return v
}

// arg is a scalar parameter in every lane.
func (k *pass) arg(name string) vec {
	if v, ok := k.args[name]; ok {
		return v
	}
	return k.broadcast(name)
}

func (k *pass) place(name string) operand.Mem {
	return operand.Mem{Base: k.base[name], Index: k.at, Scale: 1, Disp: k.disp}
}

// in loads from a slice; beyond its end there are zeros.
func (k *pass) in(name string) vec { return k.load(k.place(name)) }

// load loads what lies at m; beyond the end of the slices there are zeros.
func (k *pass) load(m operand.Mem) vec {
	v := k.vec()
	switch {
	case !k.masked:
		k.VMOVUPS(m, v)
	case k.neon:
		k.VMOVSS(m, v.AsX())
	case k.wide:
		k.VMOVUPS_Z(m, k.kmask, v)
	default:
		k.VMASKMOVPS(m, k.mask(), v)
	}
	return v
}

// out stores to a slice.
func (k *pass) out(name string, v vec) { k.store(v, k.place(name)) }

// store stores what is not beyond the end of the slices to m.
func (k *pass) store(v vec, m operand.Mem) {
	switch {
	case !k.masked:
		k.VMOVUPS(v, m)
	case k.neon:
		k.VMOVSS(v.AsX(), m)
	case k.wide:
		k.VMOVUPS(v, k.kmask, m)
	default:
		k.VMASKMOVPS(v, k.mask(), m)
	}
}

// inside is v, but 0 beyond the end of the slices.
func (k *pass) inside(v vec) vec { return k.insideOr(v, nil) }

// insideOr is v, but other (nil: 0) beyond the end of the slices.
func (k *pass) insideOr(v vec, other op) vec {
	if !k.masked || k.neon { // where only the lowest lane is taken
		return v
	}
	m := mask{k: k.kmask}
	if !k.wide {
		m.v = k.mask()
	}
	if other == nil {
		return k.only(m, v)
	}
	return k.choose(m, v, other)
}

func (k *pass) mask() vec {
	v := k.vec()
	k.VMOVDQU(k.mask256, v)
	return v
}

// maskRest makes the pass one for the last n elements, n less than a vector.
func (k *pass) maskRest(n gp) {
	k.masked = true
	if k.wide {
		k.kmask = k.opmask(n)
	} else {
		k.mask256 = k.tableMask(n)
	}
}
