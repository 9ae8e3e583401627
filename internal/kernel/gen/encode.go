package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// code is how an instruction of NEON is encoded and written. Registers come in the
// order of the manual, the one that is written first: bits 0, 5 and 16.
type code struct {
	word uint32
	form string                // for the comment: %d, %n and %m are registers, %i a number
	imm  func(i uint32) uint32 // the bits of the number
	adds bool                  // whether it reads what it writes
}

// text is an operand that stands for itself.
type text string

// Asm is what the printer writes.
func (t text) Asm() string { return string(t) }

// lanes4 and bytes16 are the forms of operations on two vectors.
const (
	lanes4  = "%d.4s, %n.4s, %m.4s"
	bytes16 = "%d.16b, %n.16b, %m.16b"
	lanes2  = "%d.2d, %n.2d, %m.2d"
)

// codes are the instructions in use, as "Arm Architecture Reference Manual for A-profile"
// has them in C7.2; TestCodes compares them with what an assembler makes of the comments.
var codes = map[string]code{
	"fadd":   {word: 0x4e20d400, form: lanes4},
	"fsub":   {word: 0x4ea0d400, form: lanes4},
	"fmul":   {word: 0x6e20dc00, form: lanes4},
	"fdiv":   {word: 0x6e20fc00, form: lanes4},
	"fmla":   {word: 0x4e20cc00, form: lanes4, adds: true},
	"fmls":   {word: 0x4ea0cc00, form: lanes4, adds: true},
	"fmax":   {word: 0x4e20f400, form: lanes4},
	"fmin":   {word: 0x4ea0f400, form: lanes4},
	"fcmeq":  {word: 0x4e20e400, form: lanes4},
	"fcmge":  {word: 0x6e20e400, form: lanes4},
	"fcmgt":  {word: 0x6ea0e400, form: lanes4},
	"add":    {word: 0x4ea08400, form: lanes4},
	"sub":    {word: 0x6ea08400, form: lanes4},
	"cmeq":   {word: 0x6ea08c00, form: lanes4},
	"cmhs":   {word: 0x6ea03c00, form: lanes4},
	"smin":   {word: 0x4ea06c00, form: lanes4},
	"uzp1":   {word: 0x4e801800, form: lanes4},
	"uzp2":   {word: 0x4e805800, form: lanes4},
	"trn1":   {word: 0x4e802800, form: lanes4},
	"trn2":   {word: 0x4e806800, form: lanes4},
	"trn1d":  {word: 0x4ec02800, form: "trn1 " + lanes2},
	"trn2d":  {word: 0x4ec06800, form: "trn2 " + lanes2},
	"umull":  {word: 0x2ea0c000, form: "%d.2d, %n.2s, %m.2s"},
	"umull2": {word: 0x6ea0c000, form: "%d.2d, %n.4s, %m.4s"},
	"and":    {word: 0x4e201c00, form: bytes16},
	"bic":    {word: 0x4e601c00, form: bytes16},
	"orr":    {word: 0x4ea01c00, form: bytes16},
	"eor":    {word: 0x6e201c00, form: bytes16},
	"bsl":    {word: 0x6e601c00, form: bytes16, adds: true},
	"ext":    {word: 0x6e000000, form: bytes16 + ", #%i", imm: func(i uint32) uint32 { return i << 11 }},

	"fabs":    {word: 0x4ea0f800, form: "%d.4s, %n.4s"},
	"fneg":    {word: 0x6ea0f800, form: "%d.4s, %n.4s"},
	"fsqrt":   {word: 0x6ea1f800, form: "%d.4s, %n.4s"},
	"scvtf":   {word: 0x4e21d800, form: "%d.4s, %n.4s"},
	"fcmgt0":  {word: 0x4ea0c800, form: "fcmgt %d.4s, %n.4s, #0.0"},
	"fcmge0":  {word: 0x6ea0c800, form: "fcmge %d.4s, %n.4s, #0.0"},
	"fcmlt0":  {word: 0x4ea0e800, form: "fcmlt %d.4s, %n.4s, #0.0"},
	"fcmle0":  {word: 0x6ea0d800, form: "fcmle %d.4s, %n.4s, #0.0"},
	"fcmeq0":  {word: 0x4ea0d800, form: "fcmeq %d.4s, %n.4s, #0.0"},
	"not":     {word: 0x6e205800, form: "%d.16b, %n.16b"},
	"dup0":    {word: 0x4e040400, form: "dup %d.4s, %n.s[0]"},
	"ins1":    {word: 0x6e0c0400, form: "mov %d.s[1], %n.s[0]", adds: true},
	"ins2":    {word: 0x6e140400, form: "mov %d.s[2], %n.s[0]", adds: true},
	"ins3":    {word: 0x6e1c0400, form: "mov %d.s[3], %n.s[0]", adds: true},
	"dupw":    {word: 0x4e040c00, form: "dup %d.4s, %n"},
	"zero":    {word: 0x6f00e400, form: "movi %d.2d, #0"},
	"xtn":     {word: 0x0e612800, form: "%d.4h, %n.4s"},
	"xtn2":    {word: 0x4e612800, form: "%d.8h, %n.4s", adds: true},
	"shll":    {word: 0x2e613800, form: "%d.4s, %n.4h, #16"},
	"shll2":   {word: 0x6e613800, form: "%d.4s, %n.8h, #16"},
	"uminv":   {word: 0x6eb1a800, form: "uminv %s, %n.4s"},
	"smull":   {word: 0x0e20c000, form: "%d.8h, %n.8b, %m.8b"},
	"smull2":  {word: 0x4e20c000, form: "%d.8h, %n.16b, %m.16b"},
	"addph":   {word: 0x4e60bc00, form: "addp %d.8h, %n.8h, %m.8h"},
	"sadalp":  {word: 0x4e606800, form: "%d.4s, %n.8h", adds: true},
	"fcvtns":  {word: 0x4e21a800, form: "%d.4s, %n.4s"},
	"sqxtn":   {word: 0x0e614800, form: "%d.4h, %n.4s"},
	"sqxtn2":  {word: 0x4e614800, form: "%d.8h, %n.4s", adds: true},
	"sqxtnb":  {word: 0x0e214800, form: "sqxtn %d.8b, %n.8h"},
	"sqxtnb2": {word: 0x4e214800, form: "sqxtn2 %d.16b, %n.8h", adds: true},
	"smaxb":   {word: 0x4e206400, form: "smax " + bytes16},
	"umax":    {word: 0x6ea06400, form: lanes4},
	"umaxv":   {word: 0x6eb0a800, form: "umaxv %s, %n.4s"},

	"shl":  {word: 0x4f005400, form: "%d.4s, %n.4s, #%i", imm: func(i uint32) uint32 { return (32 + i) << 16 }},
	"ushr": {word: 0x6f000400, form: "%d.4s, %n.4s, #%i", imm: func(i uint32) uint32 { return (64 - i) << 16 }},
	"sshr": {word: 0x4f000400, form: "%d.4s, %n.4s, #%i", imm: func(i uint32) uint32 { return (64 - i) << 16 }},
	"fmlai": {word: 0x4f801000, form: "fmla %d.4s, %n.4s, %m.s[%i]", adds: true,
		imm: laneOf},
	"sdoti": {word: 0x4f80e000, form: "sdot %d.4s, %n.16b, %m.4b[%i]", adds: true,
		imm: laneOf},
}

// laneOf are the bits of a lane of %m.
func laneOf(i uint32) uint32 { return i&1<<21 | i>>1<<11 }

// encode turns the instructions of a function, whose registers are known, into what
// Go's assembler reads.
func encode(fn *ir.Function) error {
	for _, i := range fn.Instructions() {
		switch {
		case i.Opcode == "mov":
			d, n := number(i.Operands[0]), number(i.Operands[1])
			i.Operands = []operand.Op{word(codes["orr"].word|d|n<<5|n<<16, fmt.Sprintf("mov v%d.16b, v%d.16b", d, n))}
			i.Opcode = "WORD"
		case i.Opcode == strings.ToLower(i.Opcode):
			c, ok := codes[i.Opcode]
			if !ok {
				return fmt.Errorf("%s has no code", i.Opcode)
			}
			i.Operands = []operand.Op{c.encode(i.Opcode, i.Operands)}
			i.Opcode = "WORD"
		case i.Opcode == "FMOVQ" && indexed(i):
			i.Opcode, i.Operands = "WORD", []operand.Op{twoRegisters(i.Operands)}
		default:
			for n, o := range i.Operands {
				i.Operands[n] = spelled(i.Opcode, o)
			}
		}
		switch i.Opcode {
		case loadPair:
			i.Operands = []operand.Op{i.Operands[0], text(fmt.Sprintf("(%s, %s)", i.Operands[1].Asm(), i.Operands[2].Asm()))}
		case storePair:
			i.Operands = []operand.Op{text(fmt.Sprintf("(%s, %s)", i.Operands[0].Asm(), i.Operands[1].Asm())), i.Operands[2]}
		case addressOf:
			i.Opcode, i.Operands[0] = "MOVD", text("$"+i.Operands[0].Asm())
		}
	}
	return nil
}

// encode makes the word of an instruction, and its comment.
func (c code) encode(name string, ops []operand.Op) operand.Op {
	w, at := c.word, []uint{0, 5, 16}
	form := c.form
	if strings.HasPrefix(form, "%") {
		form = name + " " + form
	}
	for i, o := range ops {
		if r, ok := o.(reg.Register); ok {
			n := number(r)
			w |= n << at[i]
			kind := "v"
			if r.Kind() == reg.KindGP {
				kind = "w"
			}
			form = strings.ReplaceAll(form, "%"+"dnm"[i:i+1], fmt.Sprint(kind, n))
			if i == 0 {
				form = strings.ReplaceAll(form, "%s", fmt.Sprint("s", n))
			}
			continue
		}
		n := uint32(immediate(o))
		w |= c.imm(n)
		form = strings.ReplaceAll(form, "%i", fmt.Sprint(n))
	}
	return word(w, form)
}

func word(w uint32, form string) operand.Op { return text(fmt.Sprintf("$0x%08x // %s", w, form)) }

// indexed says whether the address of a move has two registers.
func indexed(i *ir.Instruction) bool {
	return slices.ContainsFunc(i.Operands, func(o operand.Op) bool {
		m, ok := o.(operand.Mem)
		return ok && m.Index != nil
	})
}

// twoRegisters is a move of a vector with such an address, which Go's assembler does not know.
func twoRegisters(ops []operand.Op) operand.Op {
	name, w, v, at := "ldr", uint32(0x3ce06800), ops[1], ops[0]
	if m, ok := ops[1].(operand.Mem); ok {
		name, w, v, at = "str", 0x3ca06800, ops[0], m
	}
	m := at.(operand.Mem)
	return word(w|number(v)|number(m.Base)<<5|number(m.Index)<<16,
		fmt.Sprintf("%s q%d, [x%d, x%d]", name, number(v), number(m.Base), number(m.Index)))
}

// number is that of a register.
func number(o operand.Op) uint32 { return uint32(o.(reg.Physical).PhysicalIndex()) }

func immediate(o operand.Op) uint64 {
	switch v := o.(type) {
	case operand.U8:
		return uint64(v)
	case operand.U16:
		return uint64(v)
	case operand.U32:
		return uint64(v)
	case operand.U64:
		return uint64(v)
	case operand.I32:
		return uint64(int64(v))
	}
	panic(fmt.Sprintf("%T is no number", o))
}

// spelled is an operand as Go's assembler expects it.
func spelled(opcode string, o operand.Op) operand.Op {
	switch v := o.(type) {
	case reg.Register:
		switch {
		case v.Kind() == reg.KindGP:
			return text(fmt.Sprint("R", number(v)))
		case opcode == "VLD1R":
			return text(fmt.Sprintf("[V%d.S4]", number(v)))
		case v.Kind() == reg.KindVector:
			return text(fmt.Sprint("F", number(v)))
		}
	case operand.Mem:
		name := func(r reg.Register) string { return spelled("", r).Asm() }
		switch {
		case v.Base == nil:
			return text(fmt.Sprintf("%s<<%d", name(v.Index), map[uint8]int{2: 1, 4: 2, 8: 3}[v.Scale]))
		case v.Base.Kind() == reg.KindPseudo:
			return v
		case v.Index != nil:
			return text(fmt.Sprintf("(%s)(%s)", name(v.Base), name(v.Index)))
		case v.Disp != 0:
			return text(fmt.Sprintf("%d(%s)", v.Disp, name(v.Base)))
		}
		return text(fmt.Sprintf("(%s)", name(v.Base)))
	case operand.LabelRef, text:
		return o
	default:
		return text(fmt.Sprintf("$%d", int64(immediate(o))))
	}
	return o
}
