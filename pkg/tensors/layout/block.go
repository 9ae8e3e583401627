package layout

import (
	"slices"

	"dnn/pkg/graph"
)

// stridesOf are the distances of neighbours in an array that lies row by row.
func stridesOf(shape graph.Shape) []int {
	s, step := make([]int, len(shape)), 1
	for k := len(shape) - 1; k >= 0; k-- {
		s[k] = step
		step *= shape[k]
	}
	return s
}

// permuted is a tensor whose axes are those of a parameter, taken as the shape ours, in another order: its axis k is axis[k] of it.
func permuted(name, role string, ours graph.Shape, axis ...int) Tensor {
	from := stridesOf(ours)
	b := Block{Role: role}
	for _, k := range axis {
		b.Dims, b.Ours = append(b.Dims, ours[k]), append(b.Ours, from[k])
	}
	b.Theirs = stridesOf(b.Dims)
	return Tensor{Name: name, Shape: slices.Clone(graph.Shape(b.Dims)), Blocks: []Block{b}}
}

// same is a tensor that is as a parameter is.
func same(name string, p *Param) Tensor { return as(name, p, p.Shape) }

// as is a tensor that has a parameter's numbers in their order, and another shape.
func as(name string, p *Param, shape graph.Shape) Tensor {
	n := shape.Size()
	return Tensor{Name: name, Shape: shape, Blocks: []Block{{Role: p.Role, Dims: []int{n}, Ours: []int{1}, Theirs: []int{1}}}}
}

// reshaped gives a tensor another shape.
func (t Tensor) reshaped(shape ...int) Tensor {
	t.Shape = shape
	return t
}

// channelsFirst is a tensor that is as a parameter is, but for the order of features of its last axis.
func channelsFirst(name string, p *Param) Tensor {
	if p.Flat == nil {
		return same(name, p)
	}
	rank := len(p.Flat)
	apart, axes := graph.Shape{p.Shape.Size() / p.Flat.Size()}, []int{0, rank}
	apart = append(apart, p.Flat...)
	for k := 1; k < rank; k++ {
		axes = append(axes, k)
	}
	t := permuted(name, p.Role, apart, axes...)
	t.Shape = p.Shape
	return t
}

// stacked is a tensor that holds several parameters one below the other.
func stacked(name string, params ...*Param) Tensor {
	t := Tensor{Name: name, Shape: slices.Clone(params[0].Shape)}
	t.Shape[0] = 0
	at := 0
	for _, p := range params {
		n := p.Shape.Size()
		t.Blocks = append(t.Blocks, Block{Role: p.Role, Dims: []int{n}, Ours: []int{1}, Theirs: []int{1}, Start: at})
		t.Shape[0] += p.Shape[0]
		at += n
	}
	return t
}

// Whole is a tensor that is as a parameter is.
func Whole(p *Param) Tensor { return same(p.Role, p) }
