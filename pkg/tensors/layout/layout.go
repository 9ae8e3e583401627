// Package layout says how other programs lay out what the layers of a net learn: as which tensors, by what names, in what order of
// axes and gates. One file of this package for each program. All is said by blocks of numbers, which are copied one way to read
// weights and the other way to write them.
package layout

import (
	"slices"
	"strings"

	"dnn/internal/registry"
	"dnn/pkg/graph"
)

// Layer is a layer of a net of this program.
type Layer struct {
	Name, Kind string
	Params     []Param // what it learned, in its order
	// Heads and KeyHeads are those of its attentions.
	Heads, KeyHeads int
	// ResetBefore says that the reset gate of a GRU comes before the product.
	ResetBefore bool

	places []*Param // while the net is read
}

// Transposed reports whether it is a transposed convolution.
func (l *Layer) Transposed() bool { return strings.HasPrefix(l.Kind, "conv_transpose") }

// Depthwise reports whether it is a convolution of each channel by itself.
func (l *Layer) Depthwise() bool { return strings.HasPrefix(l.Kind, "depthwise_conv") }

// Param is a parameter or a state of a layer.
type Param struct {
	Role  string // within the layer: weight, 0.norm_1.gamma
	Shape graph.Shape
	// Flat is the shape, channels last, of the features that the last axis counts, where these come of the flattened output of
	// a convolution or of an image: programs with the channels first count them otherwise.
	Flat graph.Shape
	// Channels are those of the input of a convolution of each channel by itself.
	Channels int
	// Space is the number of axes of space, for a matrix that multiplies the channels of each place of an image.
	Space int
	// Mixed says that only some of the features are such, so that nothing is known of their order elsewhere.
	Mixed bool
}

// Program lays out a layer: the modules that another program has for it, none where it has none.
type Program func(l *Layer) []Module

// Programs holds them.
var Programs = registry.New[Program]("layout")

// Module is a layer, or a part of one, as another program has it.
type Module struct {
	Part  string // of our layer: "" for the whole
	Forms []Form // ways in which files hold it; weights are written in the first
}

// Form is a list of tensors in their order.
type Form []Tensor

// Tensor is one of a module.
type Tensor struct {
	// Name ends those of files; "*" stands for a word, also "*_cell" for one that ends so.
	Name   string
	Shape  graph.Shape
	Blocks []Block
	// Count says that it is a count of batches, which is no weight: it need not be there, and is written as 0.
	Count bool
}

// Block says which numbers of a parameter are which of a tensor.
type Block struct {
	Role string
	Dims []int
	// Ours and Theirs are the distances of neighbours along each dimension; At and Start where the block begins.
	Ours, Theirs []int
	At, Start    int
	// Added says that the parameter is one of two of which the other program has the sum: it is read as 0.
	Added bool
}

// Read fills the parameters of a layer, by their roles, from a tensor.
func (t *Tensor) Read(params map[string][]float32, data []float32) {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		ours := params[b.Role]
		b.each(func(at, there int) {
			if b.Added {
				ours[at] = 0
			} else {
				ours[at] = data[there]
			}
		})
	}
}

// Write fills a tensor from the parameters of a layer.
func (t *Tensor) Write(data []float32, params map[string][]float32) {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		ours := params[b.Role]
		b.each(func(at, there int) {
			if b.Added {
				data[there] += ours[at]
			} else {
				data[there] = ours[at]
			}
		})
	}
}

// each goes through the places of the block in both.
func (b *Block) each(do func(at, there int)) {
	index, at, there := make([]int, len(b.Dims)), b.At, b.Start
	if slices.Contains(b.Dims, 0) {
		return
	}
	for {
		do(at, there)
		k := len(b.Dims) - 1
		for ; k >= 0; k-- {
			at, there = at+b.Ours[k], there+b.Theirs[k]
			if index[k]++; index[k] < b.Dims[k] {
				break
			}
			at, there = at-b.Dims[k]*b.Ours[k], there-b.Dims[k]*b.Theirs[k]
			index[k] = 0
		}
		if k < 0 {
			return
		}
	}
}

// Roles are the parameters that a form holds.
func (f Form) Roles() (list []string) {
	for _, t := range f {
		for _, b := range t.Blocks {
			if !slices.Contains(list, b.Role) {
				list = append(list, b.Role)
			}
		}
	}
	return list
}

// Named are the tensors of a module by the names that they are written with: PyTorch's with dots, Keras' with slashes.
func Named(l *Layer, m Module, program string) (list []Tensor) {
	prefix := l.Name
	if m.Part != "" {
		prefix += "." + m.Part
	}
	for _, t := range m.Forms[0] {
		t.Name = prefix + "." + t.Name
		if program == "keras" {
			t.Name = strings.ReplaceAll(prefix, ".", "/") + "/" + strings.TrimPrefix(t.Name, prefix+".")
		}
		list = append(list, t)
	}
	return list
}
