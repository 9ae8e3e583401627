package main

import (
	"slices"
	"strings"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	compile "github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/reg"
)

// freeRegisters compiles what has been emitted, to see how many vector registers each
// function leaves alone.
func (a *asm) freeRegisters() map[string]int {
	free := map[string]int{}
	f, err := a.Result()
	if a.neon || !a.keeps || err != nil {
		return free // the run after this one reports errors
	}
	weave(f)
	if compile.Compile.Execute(f) != nil {
		return free
	}
	registers := 16
	if a.many() {
		registers = 32
	}
	for _, fn := range f.Functions() {
		used := 0
		for _, i := range fn.Instructions() {
			for _, r := range i.Registers() {
				if p := reg.ToPhysical(r); p != nil && r.Kind() == reg.KindVector {
					used = max(used, int(p.PhysicalIndex())+1)
				}
			}
		}
		free[strings.TrimSuffix(fn.Name, a.suffix())] = registers - used
	}
	return free
}

// pruneSelfMoves removes the moves of a whole vector to itself: copies of what is not
// needed any more, before it is overwritten.
func pruneSelfMoves(fn *ir.Function) error {
	fn.Nodes = slices.DeleteFunc(fn.Nodes, func(n ir.Node) bool {
		i, ok := n.(*ir.Instruction)
		if !ok || i.Opcode != "VMOVAPS" || len(i.Operands) != 2 || i.Operands[0] != i.Operands[1] {
			return false
		}
		return operand.IsYMM(i.Operands[0]) || operand.IsZMM(i.Operands[0])
	})
	return nil
}

// spread reads the constants of AVX-512, of which there is one lane, into all lanes,
// which costs no more. Whole ones of 64 bytes would have to be read in two halves where
// they cross from one line of the cache to the next: the linker aligns to 32.
func (a *asm) spread(fn *ir.Function) error {
	for _, i := range fn.Instructions() {
		constant := slices.ContainsFunc(i.Operands, func(o operand.Op) bool {
			m, ok := o.(operand.Mem)
			return ok && strings.HasPrefix(m.Symbol.Name, "·"+constantPrefix)
		})
		switch {
		case !a.wide || !constant:
		case i.Opcode == "VMOVUPS":
			i.Opcode = "VBROADCASTSS"
		default:
			i.Suffixes = append([]string{"BCST"}, i.Suffixes...)
		}
	}
	return nil
}
