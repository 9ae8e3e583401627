package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
)

// emitPeak writes the loop that measures how fast the machine can multiply and
// add: as many independent chains as the largest tile has, nothing from memory.
func emitPeak(a *asm) {
	chains := 12
	if a.many() {
		chains = 24
	}
	a.begin("fmaLoop", "fmaLoop", "func(iterations int)", "", []string{
		fmt.Sprintf("one step of %d chains of fma over %d lanes per iteration, of which there is at least one.", chains, a.lanes())})
	n, half, one := a.param("iterations"), a.copy(a.num(0.5)), a.copy(a.num(1))
	acc := make([]vec, chains)
	for i := range acc {
		acc[i] = a.copy(one)
	}
	a.Label("next")
	for _, v := range acc {
		if a.neon {
			a.VFMADD231PS(half, one, v)
			continue
		}
		a.VFMADD213PS(one, half, v)
	}
	a.DECQ(n)
	a.JNZ(operand.LabelRef("next"))
	a.VZEROUPPER()
	a.RET()
}
