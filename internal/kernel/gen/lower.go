package main

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// avo knows only amd64. The loops for arm64 are therefore described in the same
// instructions as those for AVX2, on registers of four lanes, and rewritten here, one
// by one, into instructions of arm64: those of NEON under their own names in small
// letters, to be encoded by word, the others as Go's assembler knows them.

// lowering rewrites one function.
type lowering struct {
	*asm
	out    []ir.Node
	frame  int            // bytes of the stack in use
	table  gp             // address of the constants
	needed bool           // whether table is used
	places map[string]gp  // sums of registers and numbers that hold until one of them changes
	reads  map[reg.ID]int // how many versions of a register there were
	err    error
}

// lower rewrites all functions of a file.
func (a *asm) lower(f *ir.File) error {
	for _, fn := range f.Functions() {
		l := &lowering{asm: a, frame: fn.LocalSize, table: a.GP64(), places: map[string]gp{}, reads: map[reg.ID]int{}}
		for _, n := range fn.Nodes {
			i, ok := n.(*ir.Instruction)
			if !ok {
				l.out = append(l.out, n)
				clear(l.places)
				continue
			}
			l.rewrite(i)
			for _, r := range i.OutputRegisters() {
				l.reads[r.ID()]++
			}
			if l.err != nil {
				return fmt.Errorf("%s: %w", fn.Name, l.err)
			}
		}
		fn.Nodes = l.out
		if l.needed {
			address := operand.NewDataAddr(operand.NewStaticSymbol(constantTable), 0)
			first := &ir.Instruction{Opcode: addressOf, Operands: []operand.Op{address, l.table}, Outputs: []operand.Op{l.table}}
			fn.Nodes = append([]ir.Node{first}, fn.Nodes...)
		}
	}
	return nil
}

// addressOf loads an address, not what is there.
const addressOf = "ADDRESS"

// threes are operations on two vectors.
var threes = map[string]string{
	"VADDPS": "fadd", "VSUBPS": "fsub", "VMULPS": "fmul", "VDIVPS": "fdiv",
	"VPAND": "and", "VANDPS": "and", "VPOR": "orr", "VPXOR": "eor", "VXORPS": "eor",
	"VPADDD": "add", "VPSUBD": "sub", "VPCMPEQD": "cmeq", "VPMINSD": "smin",
}

var twos = map[string]string{"VSQRTPS": "fsqrt", "VCVTDQ2PS": "scvtf"}

var shifts = map[string]string{"VPSLLD": "shl", "VPSRLD": "ushr", "VPSRAD": "sshr"}

var branches = map[string]string{
	"JMP": "JMP", "JE": "BEQ", "JEQ": "BEQ", "JZ": "BEQ", "JNE": "BNE", "JNZ": "BNE", "JB": "BLO", "JCS": "BLO", "JLO": "BLO",
	"JAE": "BHS", "JCC": "BHS", "JHS": "BHS", "JBE": "BLS", "JLS": "BLS", "JA": "BHI", "JHI": "BHI", "JL": "BLT", "JLT": "BLT", "JGE": "BGE",
}

func (l *lowering) rewrite(i *ir.Instruction) {
	o := i.Operands
	switch op := i.Opcode; {
	case op == strings.ToLower(op):
		l.native(i)
	case op == "VZEROUPPER":
	case op == loadPair || op == storePair || op == loadHalf:
		l.put(i)
	case op == "RET":
		l.put(&ir.Instruction{Opcode: "RET", IsTerminal: true})
	case branches[op] != "":
		l.put(&ir.Instruction{Opcode: branches[op], Operands: o, IsBranch: true, IsConditional: i.IsConditional})
	case (op == "VPXOR" || op == "VXORPS") && o[0] == o[1]:
		l.vector("zero", o[2])
	case threes[op] != "":
		l.vector(threes[op], o[2], l.reg(o[1]), l.reg(o[0]))
	case twos[op] != "":
		l.vector(twos[op], o[1], l.reg(o[0]))
	case shifts[op] != "":
		l.vector(shifts[op], o[2], l.reg(o[1]), o[0])
	case l.vectorMove(op, o), l.choice(op, o), l.integer(op, o):
	default:
		l.err = fmt.Errorf("%s has no form for arm64 yet", op)
	}
}

// native is an instruction of NEON already, but may have constants for operands.
func (l *lowering) native(i *ir.Instruction) {
	ops := append([]operand.Op(nil), i.Operands...)
	for n, o := range ops[1:] {
		if m, ok := o.(operand.Mem); ok {
			ops[n+1] = l.reg(m)
		}
	}
	l.vector(i.Opcode, ops[0], ops[1:]...)
}

// vector adds an instruction of NEON, which writes d.
func (l *lowering) vector(op string, d operand.Op, from ...operand.Op) {
	l.put(native(op, d, from...))
}

// native is an instruction of NEON.
func native(op string, d operand.Op, from ...operand.Op) *ir.Instruction {
	i := &ir.Instruction{Opcode: op, Operands: append([]operand.Op{d}, from...), Inputs: from, Outputs: []operand.Op{d}}
	if codes[op].adds {
		i.Inputs = append([]operand.Op{d}, from...)
	}
	return i
}

func (l *lowering) put(i *ir.Instruction) {
	l.out = append(l.out, i)
}

// plain adds an instruction of Go's assembler: operands it reads, and the last, which it writes.
func (l *lowering) plain(op string, ops ...operand.Op) {
	last := len(ops) - 1
	l.put(&ir.Instruction{Opcode: op, Operands: ops, Inputs: ops[:last:last], Outputs: ops[last:]})
}

// reg is o in a register.
func (l *lowering) reg(o operand.Op) operand.Op {
	m, ok := o.(operand.Mem)
	if !ok {
		return o
	}
	v := l.vec()
	l.load(m, v)
	return v
}

// load is v = what lies at m.
func (l *lowering) load(m operand.Mem, v operand.Op) {
	if b, ok := l.constant(m); ok && b == 0 {
		l.vector("zero", v)
		return
	}
	l.plain("FMOVQ", l.place(m), v)
}

// place makes an address that arm64 has: a register and a number, or two registers.
func (l *lowering) place(m operand.Mem) operand.Op {
	switch {
	case m.Base == reg.StaticBase:
		l.needed = true
		return operand.Mem{Base: l.table, Disp: 16 * l.constantIndex(m.Symbol.Name)}
	case m.Base == reg.StackPointer:
		return operand.Mem{Symbol: operand.Symbol{Name: "frame"}, Disp: m.Disp - l.frame, Base: m.Base}
	case m.Index == nil:
		return m
	case m.Scale > 1:
		return operand.Mem{Base: l.sum(m.Base, m.Index, m.Scale), Disp: m.Disp}
	case m.Disp != 0:
		return operand.Mem{Base: l.sum(m.Base, m.Index, 1), Disp: m.Disp}
	}
	return m
}

// sum is base + scale·index + the numbers, computed once unless something changes.
func (l *lowering) sum(base, index reg.Register, scale uint8, numbers ...int) gp {
	key := fmt.Sprint(base.ID(), l.reads[base.ID()], scale, numbers)
	if index != nil {
		key += fmt.Sprint(index.ID(), l.reads[index.ID()])
	}
	if r, ok := l.places[key]; ok {
		return r
	}
	r := l.GP64()
	l.places[key] = r
	if index != nil {
		l.plain("ADD", shifted(index, scale), base, r)
	}
	for _, n := range numbers {
		l.plain("ADD", operand.Imm(uint64(n)), base, r)
	}
	return r
}

// shifted is a register times a power of two.
func shifted(r reg.Register, scale uint8) operand.Op {
	if scale <= 1 {
		return r
	}
	return operand.Mem{Index: r, Scale: scale}
}

// vectorMove rewrites what moves vectors and numbers into their lanes.
func (l *lowering) vectorMove(op string, o []operand.Op) bool {
	switch op {
	case "VMOVUPS", "VMOVAPS", "VMOVDQU", "VMOVSS":
		opcode := "FMOVQ"
		if op == "VMOVSS" {
			opcode = "FMOVS"
		}
		from, fromMem := o[0].(operand.Mem)
		to, toMem := o[1].(operand.Mem)
		switch {
		case fromMem && op == "VMOVSS":
			l.plain("FMOVS", l.place(from), o[1])
		case fromMem:
			l.load(from, o[1])
		case toMem:
			l.plain(opcode, o[0], l.place(to))
		default:
			l.vector("mov", o[1], o[0])
		}
	case "VBROADCASTSS":
		m := o[0].(operand.Mem)
		if m.Base == reg.FramePointer {
			v := l.vec()
			l.plain("FMOVS", m, v)
			l.vector("dup0", o[1], v)
			break
		}
		p := m.Base
		if m.Index != nil {
			p = l.sum(m.Base, m.Index, m.Scale)
		}
		if m.Disp != 0 {
			p = l.sum(p, nil, 0, m.Disp)
		}
		l.plain("VLD1R", operand.Mem{Base: p}, o[1])
	default:
		return false
	}
	return true
}

// choice rewrites comparisons, and what depends on them.
func (l *lowering) choice(op string, o []operand.Op) bool {
	switch op {
	case "VFMADD231PS":
		l.vector("fmla", o[2], l.reg(o[1]), l.reg(o[0]))
	case "VFNMADD231PS":
		l.vector("fmls", o[2], l.reg(o[1]), l.reg(o[0]))
	case "VBLENDVPS":
		l.bsl(o[0], l.reg(o[1]), l.reg(o[2]), o[3])
	case "VMAXPS":
		m, x, y := l.vec(), l.reg(o[1]), l.reg(o[0])
		l.vector("fcmgt", m, x, y)
		l.bsl(m, x, y, o[2])
	case "VMINPS":
		m, x, y := l.vec(), l.reg(o[1]), l.reg(o[0])
		l.vector("fcmgt", m, y, x)
		l.bsl(m, x, y, o[2])
	default:
		return false
	}
	return true
}

// bsl is d = m ? x : y.
func (l *lowering) bsl(m, x, y, d operand.Op) {
	t := l.vec()
	l.vector("mov", t, m)
	l.vector("bsl", t, x, y)
	l.vector("mov", d, t)
}

// integer rewrites addresses, counts and what depends on them.
func (l *lowering) integer(op string, o []operand.Op) bool {
	switch op {
	case "MOVQ", "MOVL", "MOVB":
		l.move(map[string]string{"MOVQ": "MOVD", "MOVL": "MOVWU", "MOVB": "MOVBU"}[op], o[0], o[1])
	case "XORQ":
		l.plain("MOVD", operand.Imm(0), o[1])
	case "ADDQ":
		l.plain("ADDS", o[0], o[1], o[1])
	case "SUBQ":
		l.plain("SUBS", o[0], o[1], o[1])
	case "INCQ":
		l.plain("ADDS", operand.Imm(1), o[0], o[0])
	case "DECQ":
		l.plain("SUBS", operand.Imm(1), o[0], o[0])
	case "ANDQ":
		l.plain("AND", o[0], o[1], o[1])
	case "SHLQ":
		l.plain("LSL", o[0], o[1], o[1])
	case "SHRQ":
		l.plain("LSR", o[0], o[1], o[1])
	case "IMUL3Q":
		t := l.GP64()
		l.plain("MOVD", o[0], t)
		l.plain("MUL", t, o[1], o[2])
	case "CMOVQHI":
		l.put(&ir.Instruction{Opcode: "CSEL", Operands: []operand.Op{operand.LabelRef("HI"), o[0], o[1], o[1]}, Inputs: o, Outputs: o[1:]})
	case "CMPQ", "CMPL":
		l.put(&ir.Instruction{Opcode: map[string]string{"CMPQ": "CMP", "CMPL": "CMPW"}[op], Operands: []operand.Op{o[1], o[0]}, Inputs: o})
	case "TESTQ", "TESTB":
		if l.flagsOf(o[0]) {
			break
		}
		l.put(&ir.Instruction{Opcode: "CMP", Operands: []operand.Op{operand.Imm(0), o[0]}, Inputs: o[:1]})
	case "LEAQ":
		m := o[0].(operand.Mem)
		if m.Base.Kind() == reg.KindPseudo {
			if m.Base == reg.StackPointer {
				m = l.place(m).(operand.Mem)
			}
			l.plain(addressOf, m, o[1])
			break
		}
		if m.Index == nil {
			l.plain("ADD", operand.Imm(uint64(m.Disp)), m.Base, o[1])
			break
		}
		l.plain("ADD", shifted(m.Index, m.Scale), m.Base, o[1])
		if m.Disp != 0 {
			l.plain("ADD", operand.Imm(uint64(m.Disp)), o[1], o[1])
		}
	default:
		return false
	}
	return true
}

// flagsOf says whether the flags are those of a register already.
func (l *lowering) flagsOf(r operand.Op) bool {
	if len(l.out) == 0 {
		return false
	}
	i, ok := l.out[len(l.out)-1].(*ir.Instruction)
	return ok && (i.Opcode == "ADDS" || i.Opcode == "SUBS") && i.Operands[2] == r
}

func (l *lowering) move(op string, from, to operand.Op) {
	if m, ok := from.(operand.Mem); ok {
		from = l.place(m)
	}
	if m, ok := to.(operand.Mem); ok {
		to = l.place(m)
	}
	l.plain(op, from, to)
}
