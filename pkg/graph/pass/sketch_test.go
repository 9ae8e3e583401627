package pass_test

import (
	"fmt"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
)

// sketch is a builder with short words for what passes look for.
type sketch struct {
	*graph.Builder
	inputs int
}

// in adds another fed value.
func (b *sketch) in(shape ...int) *graph.Value {
	b.inputs++
	return b.Input(fmt.Sprint("x", b.inputs), graph.Floats(shape...))
}

// int8s is another fed value, of integers.
func (b *sketch) int8s(shape ...int) *graph.Value {
	b.inputs++
	return b.Input(fmt.Sprint("x", b.inputs), graph.Type{DType: graph.I8, Shape: shape})
}

func (b *sketch) ids(shape ...int) *graph.Value { return b.Input("ids", graph.Ints(shape...)) }

func (b *sketch) act(x *graph.Value, a vec.Act) *graph.Value {
	return op.Activate(b.Builder, x, a, 0)
}

// product is x·wᵀ of a row of three, with a bias or without.
func (b *sketch) product(bias bool) *graph.Value {
	y := op.MatMul(b.Builder, b.in(4, 3), b.in(2, 3), false, true)
	if bias {
		y = op.Add(b.Builder, y, b.in(2))
	}
	return y
}

func (b *sketch) conv() *graph.Value {
	w := op.Window{Rank: 1, Kernel: [3]int{3}, Stride: [3]int{1}, Dilation: [3]int{1}, Before: [3]int{1}, After: [3]int{1}}
	return op.Conv(b.Builder, b.in(2, 5, 3), b.in(4, 3, 3), nil, w, 1)
}

// crossEntropy is the loss of each row by its definition, from a log softmax that may serve others.
func (b *sketch) crossEntropy(logs, targets *graph.Value) *graph.Value {
	return op.Scale(b.Builder, op.RowDot(b.Builder, targets, logs), -1)
}

// gradient is that of the sum of y's elements.
func (b *sketch) gradient(y, by *graph.Value) *graph.Value {
	return grad.Build(b.Builder, op.Sum(b.Builder, y, nil, false), nil, []*graph.Value{by})[0]
}

// both joins two values, so that each has a reader.
func (b *sketch) both(x, y *graph.Value) *graph.Value {
	return op.Concat(b.Builder, 0, flat(b.Builder, x), flat(b.Builder, y))
}

func (b *sketch) actGrad(dy, y *graph.Value, a vec.Act) *graph.Value {
	return b.One(made("activate_grad"), op.ActivateAttrs{Act: a}, dy, y)
}

// made is an op that only passes and gradients add.
func made(name string) *graph.Op {
	o, _ := graph.Ops.Get(name)
	return o
}
