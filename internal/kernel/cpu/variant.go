// Package cpu knows what the processor can do, and which variant of the kernels runs.
//
// Every subject of kernels has a table of its loops, which Table makes of the portable ones. Its files of assembly Add what
// a variant has; the rest stays as in the variant below. Use switches all tables at once.
package cpu

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// The variants there are.
const (
	Generic = "generic" // portable Go
	NEON    = "neon"    // of arm64
	AVX2    = "avx2"    // with FMA and BMI2
	// AVXVNNI is AVX2 with products of 8-bit integers, as processors of desktops have it. AVX512 has them in its own form.
	AVXVNNI = "avx_vnni"
	AVX512  = "avx512" // F and VL, and VNNI where there is one
)

// order lists all variants, from the slowest to the fastest.
var order = []string{Generic, NEON, AVX2, AVXVNNI, AVX512}

// supported are the variants this machine can run, the slowest first.
var supported = append([]string{Generic}, assembly()...)

// current is the variant in use.
var current = choose(os.Getenv("DNN_CPU"))

// choose returns the best variant supported here, or, if limit names one, the
// best that is not above it.
func choose(limit string) string {
	top := slices.Index(order, limit)
	if top < 0 {
		top = len(order) - 1
	}
	best := Generic
	for _, v := range supported {
		if slices.Index(order, v) <= top {
			best = v
		}
	}
	return best
}

// Variant is the name of the variant in use: the best that the CPU supports, or
// the best up to the one that the environment variable DNN_CPU names (generic,
// neon, avx2, avx_vnni or avx512). Builds with the tag purego, and for other processors than
// amd64 and arm64, have generic only.
func Variant() string { return current }

// Names are those that DNN_CPU may have, the slowest first: also of variants that this machine or build does not have.
func Names() []string { return slices.Clone(order) }

// Variants are the names of the variants that can be used here, the slowest first.
func Variants() []string { return slices.Clone(supported) }

// Use switches to a variant, for tests and comparisons; not while kernels run.
func Use(variant string) error {
	if !slices.Contains(supported, variant) {
		return fmt.Errorf("kernel: variant %q is not supported here (have %s)", variant, strings.Join(supported, ", "))
	}
	current = variant
	for _, reset := range resets {
		reset()
	}
	for _, v := range supported {
		if !runs(v) {
			break
		}
		for _, fill := range fills[v] {
			fill()
		}
	}
	return nil
}

// runs says whether the loops of a variant are in use, as far as no faster ones are.
func runs(variant string) bool {
	at := slices.Index(supported, variant)
	return at >= 0 && at <= slices.Index(supported, current)
}
