package graph

import (
	"math/rand/v2"

	"dnn/internal/registry"
)

// Op is one operation: pure, with static shapes. Each op is one file of package op, registered in Ops.
//
// Exactly one of Grad, Decompose and NoGrad says how it is differentiated. Eval is the oracle: gradients are checked on
// it in float64 and every Kernel is compared with it. An op without a Kernel is run through its Decompose.
type Op struct {
	Name string
	Doc  string // one line: what it computes, with shapes

	// Infer returns the types of the outputs, or an error that names the shapes that do not fit.
	Infer func(attrs any, in []Type) ([]Type, error)

	// Grad returns the gradients of the inputs (nil where none flows) from those of the outputs (nil where unused),
	// as new nodes.
	Grad func(b *Builder, n *Node, dout []*Value) []*Value
	// Decompose returns the outputs built from simpler ops.
	Decompose func(b *Builder, n *Node) []*Value
	// NoGrad says why no gradient is needed: "a gradient itself", "an update".
	NoGrad string

	// Eval computes the outputs in float64, plainly.
	Eval func(n *Node, in, out []Ref)
	// Kernel prepares the float32 computation of one node.
	Kernel func(n *Node) Kernel

	// Saved lists outputs that are there for the gradient alone: nothing else may read them, and nothing flows back through
	// them.
	Saved []int

	// InPlace lists which output may take over the storage of which input, if nothing needs that input any more.
	InPlace []Alias
	// View is set for ops whose output is (a part of) input 0 and costs nothing: the offset of the part in elements.
	View func(n *Node) int
	// Pack is set for ops whose output lays the inputs behind each other: the offset of each in elements. The plan
	// lets the inputs be computed in their places; the Kernel copies those for which it could not, and fills gaps.
	Pack func(n *Node) []int

	// Cost estimates the work of one node.
	Cost func(n *Node) Cost

	// Cases are examples for tests, gradient checks, benchmarks and docs.
	Cases []Case
	// Tolerance is how far the Kernel may be from Eval, relative to an element plus the output's root mean square; 0 means
	// DefaultTolerance. It is wider where long chains of additions are compared.
	Tolerance float64
}

// DefaultTolerance is that of ops whose elements come of a few operations.
const DefaultTolerance = 4e-7

// Ops holds every op.
var Ops = registry.New[*Op]("op")

func (o *Op) String() string { return o.Name }

// Alias pairs an output with an input by their positions.
type Alias struct{ Out, In int }

// Cost is the work of a node.
type Cost struct {
	Flops    float64 // floating-point operations; a fused multiply-add counts two
	Products float64 // of these, multiply-adds in products of matrices, convolutions and attention
	Bytes    float64 // that are moved
}

// Ref is a value in the float64 reference: exactly one of both is set.
type Ref struct {
	F []float64 // F32 and BF16
	I []int32   // integers of any size
}

// NewRef makes a value of zeros.
func NewRef(t Type) Ref {
	if t.DType.Float() {
		return Ref{F: make([]float64, t.Shape.Size())}
	}
	return Ref{I: make([]int32, t.Shape.Size())}
}

// Call is what a kernel computes on. It is made once, before the first step; for a kernel with Local memory once for each
// thread, all else being the same.
type Call struct {
	In, Out []Buffer
	Scratch []float32
	// Local is scratch memory that the thread has for itself: it holds anything when a unit begins.
	Local []float32
	// Kept is memory that lasts from one run to the next, for phases marked Once.
	Kept []float32
	// Own is what the thread has for itself, as the kernel's Own made it.
	Own any
	// InPlaced tells a Pack kernel which inputs were computed in place.
	InPlaced []bool
}

// Kernel is the float32 computation of a node: phases that run one after the other, each cut into units that may run
// in any order on any number of threads. No bit of the result may depend on how they are cut.
type Kernel struct {
	Scratch int // float32s of scratch memory, shared by all phases and threads
	Local   int // float32s of scratch memory that each thread has for itself, within a unit
	Kept    int // float32s of memory that lasts as long as the program
	// Own makes what each thread has besides memory, or is nil.
	Own    func() any
	Phases []Phase
}

// Phase is a range of independent units of work.
type Phase struct {
	Units int
	// Once says that the phase only fills Kept, from variables and constants alone: where no node changes variables, the first
	// run of a program is the only one that needs it.
	Once bool
	Run  func(c *Call, lo, hi int)
}

// Parallel is the kernel of one phase.
func Parallel(units int, run func(c *Call, lo, hi int)) Kernel {
	return Kernel{Phases: []Phase{{Units: units, Run: run}}}
}

// Case is one example of an op: its attributes and inputs.
type Case struct {
	Name  string
	Attrs any
	In    []Arg
}

// Arg describes one input of a case: its type and how its elements are drawn (default: normal with unit variance).
type Arg struct {
	Type Type
	Fill func(r *rand.Rand) float64
	// Fixed inputs (masks, classes) take part in the forward check but are not differentiated.
	Fixed bool
}

// Of is the input with elements of another type, rounded to it.
func (a Arg) Of(d DType) Arg {
	a.Type.DType = d
	return a
}

// Normal is an input drawn from the standard normal distribution.
func Normal(shape ...int) Arg { return Arg{Type: Floats(shape...)} }

// Uniform is an input drawn evenly from [lo, hi).
func Uniform(lo, hi float64, shape ...int) Arg {
	return Arg{Type: Floats(shape...), Fill: func(r *rand.Rand) float64 { return lo + (hi-lo)*r.Float64() }}
}

// OffKink is a normal input kept at least margin away from each of the given kinks, where derivatives do not exist.
func OffKink(margin float64, kinks []float64, shape ...int) Arg {
	return Arg{Type: Floats(shape...), Fill: func(r *rand.Rand) float64 {
		for {
			x := r.NormFloat64() * 2
			near := false
			for _, k := range kinks {
				near = near || x > k-margin && x < k+margin
			}
			if !near {
				return x
			}
		}
	}}
}

// Index is an integer input drawn evenly from [0, n).
func Index(n int, shape ...int) Arg {
	return Arg{Type: Ints(shape...), Fill: func(r *rand.Rand) float64 { return float64(r.IntN(n)) }}
}
