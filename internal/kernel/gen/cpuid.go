package main

import "github.com/mmcloughlin/avo/reg"

// emitCPUID writes the question to the processor about itself, for both instruction sets.
func emitCPUID(a *asm) {
	if a.many() {
		return
	}
	a.Function("cpuid")
	a.Doc("cpuid is the instruction of that name, for a leaf and a part of it.")
	a.SignatureExpr("func(leaf, part uint32) (eax, ebx, ecx, edx uint32)")
	a.Load(a.Param("leaf"), reg.EAX)
	a.Load(a.Param("part"), reg.ECX)
	a.CPUID()
	for i, r := range []reg.Register{reg.EAX, reg.EBX, reg.ECX, reg.EDX} {
		a.Store(r, a.ReturnIndex(i))
	}
	a.RET()
}
