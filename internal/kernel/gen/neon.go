package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	compile "github.com/mmcloughlin/avo/pass"
)

// arch is the processor that the file is for.
func (a *asm) arch() string {
	if a.neon {
		return "arm64"
	}
	return "amd64"
}

// compile chooses the registers of a file, after rewriting it if it is for NEON.
func (a *asm) compile(f *ir.File) error {
	if !a.neon {
		passes := compile.Concat(compile.Compile, compile.FunctionPass(pruneSelfMoves), compile.FunctionPass(a.spread))
		if a.vnni {
			passes = compile.Concat(passes, compile.FunctionPass(vexVNNI))
		}
		return passes.Execute(f)
	}
	if err := a.lower(f); err != nil {
		return err
	}
	return compile.Concat(
		compile.FunctionPass(compile.PruneDanglingLabels),
		compile.FunctionPass(compile.LabelTarget),
		compile.FunctionPass(compile.CFG),
		compile.FunctionPass(coalesce),
		compile.FunctionPass(compile.Liveness),
		compile.FunctionPass(compile.AllocateRegisters),
		compile.FunctionPass(compile.BindRegisters),
		compile.FunctionPass(compile.VerifyAllocation),
		compile.FunctionPass(encode),
		compile.Func(compile.IncludeTextFlagHeader),
	).Execute(f)
}

// native is an operation that only NEON has.
func (a *asm) native(name string, from ...op) vec {
	v := a.vec()
	a.Instruction(native(name, v, from...))
	return v
}

// constant tells whether x is a constant, and which. Where one that is neither 0 nor NaN
// meets NaN or itself, NEON's maximum and minimum do what those of amd64 do.
func (a *asm) constant(x op) (uint32, bool) {
	if m, ok := x.(operand.Mem); ok {
		var b uint32
		_, err := fmt.Sscanf(m.Symbol.Name, constantPrefix+"%08x", &b)
		return b, err == nil
	}
	for b, v := range a.kept {
		if v == x {
			return b, true
		}
	}
	return 0, false
}

// compareNEON compares in the ways that there are: what is less is greater the other way
// round, and a comparison that must hold for NaN is the opposite of one that must not.
func (a *asm) compareNEON(predicate int, x, y op) mask {
	c, constant := a.constant(y)
	zero := constant && c == 0
	form := func(name string, swapped bool) mask {
		switch {
		case zero:
			return mask{v: a.native(name+"0", x)}
		case swapped:
			return mask{v: a.native(map[string]string{"fcmlt": "fcmgt", "fcmle": "fcmge"}[name], y, x)}
		}
		return mask{v: a.native(name, x, y)}
	}
	switch predicate {
	case isEqual:
		return form("fcmeq", false)
	case isGreater:
		return form("fcmgt", false)
	case isGreaterEqual:
		return form("fcmge", false)
	case isLess:
		return form("fcmlt", true)
	case isLessEqual:
		return form("fcmle", true)
	case notLess:
		return mask{v: form("fcmlt", true).v, not: true}
	case isUnordered: // x and y are the same
		return mask{v: form("fcmeq", false).v, not: true}
	}
	panic("no such comparison")
}

// rareNEON says whether a loop is portable Go on arm64: what few nets use is not worth so many lines there.
func rareNEON(field string) bool {
	return slices.Contains(strings.Fields(`sign neg greater greaterEqual lerp
		act[ActElu] act[ActSelu] act[ActSoftplus] act[ActHardSigmoid] act[ActHardSwish] act[ActHardTanh]
		actGrad[ActElu] actGrad[ActSelu] actGrad[ActSoftplus] actGrad[ActHardSigmoid] actGrad[ActHardSwish] actGrad[ActHardTanh]
		lion adagrad adadelta rmspropCentered rmspropMomentum rmspropFull amsgrad nadam
		poolMaxGradAdd randomNormal rnnRelu rnnReluGrad`), field)
}

// longBody is how many instructions the body of a loop has that is not repeated for the
// last elements.
const longBody = 20

// instructions is how many the routine at hand has so far.
func (a *asm) instructions() int {
	f, err := a.Result()
	if err != nil {
		panic(err)
	}
	fns := f.Functions()
	return len(fns[len(fns)-1].Instructions())
}

// wholeVectors puts a Go function around a routine that leaves the last elements alone:
// the portable loop does them, or everything where gates lie that far from one another.
func (a *asm) wholeVectors(l loop) {
	entry := &a.table[len(a.table)-1]
	routine, around := entry[1], l.name+"Around"+a.suffix()
	entry[1] = fmt.Sprintf("%s(active.%s)", around, l.field)
	list := l.sig[strings.Index(l.sig, "(")+1 : strings.Index(l.sig, ")")]
	vectors, _ := parameters(l.sig)
	all, rest := argumentNames(list), argumentNames(list)
	for i, name := range rest {
		if slices.Contains(vectors, name) {
			rest[i] = name + "[n:]"
		}
	}
	call := fmt.Sprintf("%s(%s)\n", routine, strings.Join(all, ", "))
	text := fmt.Sprintf("\n// %s leaves to the portable loop what does not fill a vector.\n", around)
	body := call + fmt.Sprintf("if n := len(%s) &^ %d; n < len(%[1]s) {\nportable(%[3]s)\n}\n", l.over, a.lanes()-1, strings.Join(rest, ", "))
	if a.gated {
		text = fmt.Sprintf("\n// %s leaves to the portable loop gates that do not fill vectors.\n", around)
		body = fmt.Sprintf("if len(%s)%%%d > 0 {\nportable(%s)\nreturn\n}\n", l.over, a.lanes(), strings.Join(all, ", ")) + call
	}
	a.around = append(a.around, text+fmt.Sprintf("func %s(portable %s) %[2]s {\nreturn %[2]s {\n%s}\n}\n", around, l.sig, body))
}

// upright is m with the bits on where it holds.
func (a *asm) upright(m mask) mask {
	if m.not {
		return mask{v: a.native("not", m.v)}
	}
	return m
}
