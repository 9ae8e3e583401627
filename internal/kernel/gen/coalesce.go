package main

import (
	"slices"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	compile "github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/reg"
)

// coalesce does without moves between registers that can be one and the same. NEON
// writes a sum or a choice over one of its operands, so the rewriting moves that operand out
// of the way, which is seldom needed.
func coalesce(fn *ir.Function) error {
	for again := true; again; {
		if err := compile.Liveness(fn); err != nil {
			return err
		}
		again = false
		touched := map[reg.ID]bool{}
		apart := conflicts(fn)
		for _, i := range fn.Instructions() {
			if i.Opcode != "mov" {
				continue
			}
			d, n := i.Operands[0].(reg.Register), i.Operands[1].(reg.Register)
			if d.ID() == n.ID() || touched[d.ID()] || touched[n.ID()] || apart[pair(d.ID(), n.ID())] {
				continue
			}
			touched[d.ID()], touched[n.ID()], again = true, true, true
			rename(fn, d.ID(), n)
		}
	}
	fn.Nodes = slices.DeleteFunc(fn.Nodes, func(n ir.Node) bool {
		i, ok := n.(*ir.Instruction)
		return ok && i.Opcode == "mov" && i.Operands[0].(reg.Register).ID() == i.Operands[1].(reg.Register).ID()
	})
	return nil
}

func pair(a, b reg.ID) [2]reg.ID { return [2]reg.ID{min(a, b), max(a, b)} }

// conflicts are the registers of which one is written while the other still holds what
// will be read. A move between them does nothing.
func conflicts(fn *ir.Function) map[[2]reg.ID]bool {
	apart := map[[2]reg.ID]bool{}
	for _, i := range fn.Instructions() {
		for _, d := range i.OutputRegisters() {
			for live := range i.LiveOut {
				if live == d.ID() || i.Opcode == "mov" && live == i.Operands[1].(reg.Register).ID() {
					continue
				}
				apart[pair(d.ID(), live)] = true
			}
		}
	}
	return apart
}

// rename puts register n in the place of another.
func rename(fn *ir.Function, old reg.ID, n reg.Register) {
	to := func(ops []operand.Op) {
		for i, o := range ops {
			if r, ok := o.(reg.Register); ok && r.ID() == old {
				ops[i] = n
			}
		}
	}
	for _, i := range fn.Instructions() {
		to(i.Operands)
		to(i.Inputs)
		to(i.Outputs)
	}
}
