package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// asm builds one file for one instruction set: AVX2 with FMA, eight lanes in a
// ymm register; (wide) AVX-512, sixteen in a zmm register; or NEON, four.
type asm struct {
	*build.Context
	wide, neon bool
	vnni       bool        // AVX2 with AVX-VNNI
	arguments  []string    // of the tiles
	gated      bool        // whether the routine at hand goes through gates
	around     []string    // Go functions around routines for whole vectors
	constants  []uint32    // NEON's, in order of first use
	shared     tables      // those of amd64
	labels     int         // how many are in use
	tiles      []string    // routines behind a dispatcher
	table      [][2]string // fields of the package's loops, and what fills them

	function string              // the one being written
	uses     map[string][]uint32 // which constants each function has in its loop
	kept     map[uint32]vec      // those that are in registers now
	earlier  map[string][]uint32 // uses of a run before this one, which kept none
	keeps    bool                // something is to be kept
	free     map[string]int      // the vector registers that each function had left then
}

type (
	vec = reg.VecVirtual // a register of a.lanes() float32 or 32-bit integers
	op  = operand.Op     // a vec, or a constant in memory
	gp  = reg.GPVirtual
)

func (a *asm) suffix() string {
	switch {
	case a.wide:
		return "AVX512"
	case a.neon:
		return "NEON"
	case a.vnni:
		return "AVXVNNI"
	}
	return "AVX2"
}

func (a *asm) lanes() int {
	switch {
	case a.wide:
		return 16
	case a.neon:
		return 4
	}
	return 8
}

// many says whether there are 32 vector registers.
func (a *asm) many() bool { return a.wide || a.neon }

// bytes is the size of a vector.
func (a *asm) bytes() int { return 4 * a.lanes() }

// label makes a name unique in its function.
func (a *asm) label(name string) string {
	a.labels++
	return fmt.Sprintf("%s%d", name, a.labels)
}

func (a *asm) vec() vec {
	switch {
	case a.wide:
		return a.ZMM()
	case a.neon:
		return a.XMM()
	}
	return a.YMM()
}

// clear makes v zero.
func (a *asm) clear(v vec) {
	if a.wide {
		a.VPXORD(v, v, v)
	} else {
		a.VXORPS(v, v, v)
	}
}

// bits is a constant in every lane, in memory, or in a register if it is kept.
func (a *asm) bits(b uint32) op {
	if v, ok := a.kept[b]; ok {
		return v
	}
	if a.neon && b == 0 { // costs no more than a move
		return a.inMemory(b)
	}
	a.uses[a.function] = append(a.uses[a.function], b)
	return a.inMemory(b)
}

// keep loads up to n constants that the function is going to use, as far as there are
// registers, which is known from an earlier run. Where every step of a computation takes
// a constant from memory, loading them takes as long as computing.
func (a *asm) keep(n int) {
	a.keeps = a.keeps || n > 0
	if !a.neon { // there are always so many
		n = max(0, min(n, a.free[a.function]))
	}
	var known []uint32 // those that are used most, first
	times := map[uint32]int{}
	for _, b := range a.earlier[a.function] {
		if times[b]++; times[b] == 1 {
			known = append(known, b)
		}
	}
	slices.SortStableFunc(known, func(b, c uint32) int { return times[c] - times[b] })
	for _, b := range known[:min(n, len(known))] {
		v := a.vec()
		a.VMOVUPS(a.inMemory(b), v)
		a.kept[b] = v
	}
}

func (a *asm) inMemory(b uint32) op {
	if a.neon {
		if !slices.Contains(a.constants, b) {
			a.constants = append(a.constants, b)
		}
		return operand.NewDataAddr(operand.NewStaticSymbol(constantName(b)), 0)
	}
	words := 4
	if a.wide {
		words = 1 // spread by who reads it
	}
	return a.shared.at(constantName(b), words, func(int) uint64 { return uint64(b)<<32 | uint64(b) })
}

// num is a float32 constant in every lane, in memory.
func (a *asm) num(f float64) op { return a.bits(math.Float32bits(float32(f))) }

const constantPrefix = "lanes"

func constantName(b uint32) string { return fmt.Sprintf(constantPrefix+"%08x", b) }

// constantTable is the symbol of all constants in a file for NEON.
const constantTable = "constants"

// constantIndex is the place in it of a constant with a name.
func (a *asm) constantIndex(name string) int {
	return slices.IndexFunc(a.constants, func(b uint32) bool { return constantName(b) == name })
}

// writeConstantTable ends a file for NEON with the constants in use.
func (a *asm) writeConstantTable() {
	if len(a.constants) == 0 {
		return
	}
	a.StaticGlobal(constantTable)
	a.DataAttributes(attr.RODATA | attr.NOPTR)
	for _, b := range a.constants {
		for range 2 {
			a.AppendDatum(operand.U64(uint64(b)<<32 | uint64(b)))
		}
	}
}
