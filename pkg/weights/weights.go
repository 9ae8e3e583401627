// Package weights has the forms in which the parameters of a net can be kept instead of float32, and puts them into graphs. A form
// is one file, which registers itself.
package weights

import (
	"dnn/internal/registry"
	"dnn/pkg/graph"
	"dnn/pkg/train/checkpoint"
)

// Form is how the numbers of a parameter are kept. It is either Stored or Packed.
type Form interface {
	// Fits says what keeps p from being kept so; nil if nothing does.
	Fits(p graph.Param) error
}

// Stored is a form that files have. In memory the parameter is float32, in its place in the flat array, and holds numbers that the
// type of the file has.
type Stored interface {
	Form
	File() checkpoint.DType
}

// Packed is a form that takes the place of the parameter in memory, too.
type Packed interface {
	Form
	// Arrays are what holds p, a parameter that fits.
	Arrays(p graph.Param) []Array
	// Encode is x, the values of p, in the form: a buffer for each of the arrays.
	Encode(p graph.Param, x []float32) []graph.Buffer
	// Decode is the values that the arrays stand for.
	Decode(p graph.Param, arrays []graph.Buffer, dst []float32)
	// Valid says what is wrong with arrays that a file has; nil if nothing is.
	Valid(p graph.Param, arrays []graph.Buffer) error
	// Widen adds nodes that compute p as float32, with the bits of Decode.
	Widen(b *graph.Builder, p graph.Param, arrays []*graph.Value) *graph.Value
}

// Computing is a form that some ops can be computed on.
type Computing interface {
	Packed
	// Compute returns what takes the place of n's outputs, where p, its input number at, is kept in arrays. in are its inputs in the new
	// graph, without that one. It returns nil for a node that has to read p as float32.
	Compute(r *graph.Rewriter, n *graph.Node, p graph.Param, at int, in, arrays []*graph.Value) []*graph.Value
}

// Array is one of the variables that hold a parameter.
type Array struct {
	Suffix string // of its name, after that of the parameter
	Type   graph.Type
	Half   bool // whether files have its numbers, which are float32, as float16
}

// Registry holds the forms, each as what its settings are decoded into.
var Registry = registry.New[func() Form]("form of weights")

// rows are those of a parameter, each with a scale or places of its own: of a matrix its rows, of a kernel what makes one output.
func rows(p graph.Param) (n, width int) {
	n = p.Shape[0]
	return n, p.Shape.Size() / max(1, n)
}

// expectRows is what parameters must be like whose rows have scales of their own.
func expectRows(p graph.Param) error {
	if p.Shape.Rank() < 2 || p.Shape.Size() == 0 {
		return &Misfit{p, "matrices and kernels"}
	}
	return nil
}

// Misfit is the error of a parameter that a form is not for.
type Misfit struct {
	Param graph.Param
	For   string // what it is for
}

func (e *Misfit) Error() string {
	return e.Param.Name + " is " + e.Param.Shape.String() + ", and the form is for " + e.For
}

// Bytes is what a parameter takes in a file; nil stands for float32.
func Bytes(form Form, p graph.Param) int {
	n := p.Shape.Size()
	switch form := form.(type) {
	case Stored:
		return form.File().Size() * n
	case Packed:
		n = 0
		for _, a := range form.Arrays(p) {
			if n += a.Type.Bytes(); a.Half {
				n -= a.Type.Bytes() / 2
			}
		}
		return n
	}
	return 4 * n
}
