// Package calls turns the graph of a net into a list of calls of plain functions on plain arrays, which any language can be written
// from. An op is one file: it registers what it becomes. Kernels of a language are looked for by the names in the calls.
//
// What depends on weights alone is computed here, once, by the kernels that would have computed it, so that the bits are the same.
package calls

import "dnn/pkg/graph"

// Space is where the numbers of a buffer lie.
type Space uint8

const (
	Floats  Space = iota // the arena of float32, used again and again within a run
	Ints                 // the arena of int32
	Weights              // float32 that never change
	Bytes                // int8 that never change
)

// Buffer is a piece of a space.
type Buffer struct {
	Space        Space
	Offset, Size int
}

// Arg is an argument of a call: a Buffer, an int, a float32, a []int (a table of whole numbers), a Func, or None.
type Arg any

// Func is the name of a function of one or two numbers that a kernel applies.
type Func string

// None stands for a buffer that is not there.
type None struct{}

// Call is a kernel with its arguments, those that it writes first.
type Call struct {
	Kernel string
	Args   []Arg
	Layer  string // it belongs to
	Op     string
}

// Place is an input or an output of the net: its name in the graph, and where its numbers lie.
type Place struct {
	Name string
	Type graph.Type
	Buffer
}

// Net is a net as calls.
type Net struct {
	Calls           []Call
	Inputs, Outputs []Place
	Floats, Ints    int // sizes of the arenas
	Weights         []float32
	Bytes           []int8
}

// WeightBytes is what the weights take.
func (n *Net) WeightBytes() int { return 4*len(n.Weights) + len(n.Bytes) }
