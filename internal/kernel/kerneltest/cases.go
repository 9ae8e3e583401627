package kerneltest

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/internal/kernel/guard"
)

// A Case runs a function on fresh data of n elements and returns all that it
// wrote. Every variant must return what generic returns.
type Case struct {
	Name string
	Run  func(n int) []float32
}

// CheckVariants compares all variants with generic, bit by bit.
func CheckVariants(t *testing.T, cases []Case) {
	want := map[string][]float32{}
	ForVariants(t, func(t *testing.T) {
		for _, c := range cases {
			for _, n := range Sizes {
				key := fmt.Sprintf("%s of %d", c.Name, n)
				got := c.Run(n)
				if cpu.Variant() == "generic" {
					want[key] = got
				} else {
					WantSame(t, key, got, want[key])
				}
			}
		}
	})
}

// A Golden is a hash of results. It must come out on every processor, and changes only when a kernel's meaning does, so that
// machines of different kinds can be compared without being in one place.
type Golden uint64

// Add takes in results. NaN count as equal, and the order of what is added does not count.
func (g *Golden) Add(name string, x []float32) {
	h := fnv.New64a()
	fmt.Fprint(h, name)
	var b [4]byte
	for _, v := range x {
		if v != v {
			v = float32(math.NaN())
		}
		binary.LittleEndian.PutUint32(b[:], math.Float32bits(v))
		h.Write(b[:])
	}
	*g += Golden(h.Sum64())
}

// AddCases computes cases on a few sizes.
func (g *Golden) AddCases(cases []Case) {
	for _, c := range cases {
		for _, n := range []int{37, 200} {
			g.Add(fmt.Sprint(c.Name, n), c.Run(n))
		}
	}
}

// CheckGolden holds what all variants compute against a hash.
func CheckGolden(t *testing.T, want Golden, compute func(g *Golden)) {
	ForVariants(t, func(t *testing.T) {
		var got Golden
		if compute(&got); got != want {
			t.Errorf("the bits are %#x, want %#x", uint64(got), uint64(want))
		}
	})
}

// Kinds are both kinds of data: ordinary numbers, whose sums are numbers, and mixed ones.
var Kinds = map[string]func(n, seed int) []float32{"": Normals, " of mixed": Mixed}

// Pieces are outputs of several kernels, each between guard words of its own.
type Pieces [][]float32

func (p *Pieces) Next(n int) []float32 {
	*p = append(*p, guard.Floats(n))
	return (*p)[len(*p)-1]
}

// All lays the pieces behind each other.
func (p *Pieces) All() []float32 { return slices.Concat(*p...) }

// PerElement reports the time for one of n elements.
func PerElement(b *testing.B, n int, f func()) {
	for b.Loop() {
		f()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/elem")
}

// Doubles are the numbers of x in float64.
func Doubles(x []float32) []float64 {
	d := make([]float64, len(x))
	for i, v := range x {
		d[i] = float64(v)
	}
	return d
}
