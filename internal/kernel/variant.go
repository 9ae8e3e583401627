package kernel

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// sets are the variants this machine can run, the slowest (generic) first. It is
// complete once the package's variables are initialized.
var sets = append([]*set{&generic}, assemblySets()...)

// active is the variant in use.
var active = choose(os.Getenv("DNN_CPU"))

// order lists all variants there are, from the slowest to the fastest.
var order = []string{"generic", "avx2", "avx512"}

// choose returns the best variant supported here, or, if limit names one, the
// best that is not above it.
func choose(limit string) *set {
	top := slices.Index(order, limit)
	if top < 0 {
		top = len(order) - 1
	}
	best := sets[0]
	for _, s := range sets {
		if slices.Index(order, s.name) <= top {
			best = s
		}
	}
	return best
}

// Variant is the name of the variant in use: the best that the CPU supports, or
// the best up to the one that the environment variable DNN_CPU names (generic,
// avx2 or avx512). Builds with the tag purego, and for other processors than
// amd64, have generic only.
func Variant() string { return active.name }

// Variants are the names of the variants that can be used here, the slowest first.
func Variants() []string {
	names := make([]string, len(sets))
	for i, s := range sets {
		names[i] = s.name
	}
	return names
}

// Use switches to a variant, for tests and comparisons; not while kernels run.
func Use(variant string) error {
	for _, s := range sets {
		if s.name == variant {
			active = s
			return nil
		}
	}
	return fmt.Errorf("kernel: variant %q is not supported here (have %s)", variant, strings.Join(Variants(), ", "))
}
