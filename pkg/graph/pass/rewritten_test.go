package pass_test

import (
	"fmt"
	"math"

	"dnn/internal/kernel"
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

func (b *sketch) ids(shape ...int) *graph.Value { return b.Input("ids", graph.Ints(shape...)) }

func (b *sketch) act(x *graph.Value, a kernel.Act) *graph.Value {
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

func (b *sketch) actGrad(dy, y *graph.Value, a kernel.Act) *graph.Value {
	return b.One(made("activate_grad"), op.ActivateAttrs{Act: a}, dy, y)
}

// made is an op that only passes and gradients add.
func made(name string) *graph.Op {
	o, _ := graph.Ops.Get(name)
	return o
}

// twice is an op without a kernel: x + x.
var twice = &graph.Op{
	Name:  "twice",
	Infer: func(_ any, in []graph.Type) ([]graph.Type, error) { return in, nil },
	Decompose: func(b *graph.Builder, n *graph.Node) []*graph.Value {
		return []*graph.Value{op.Add(b, n.Inputs[0], n.Inputs[0])}
	},
}

var rewritten = map[string]rewritings{
	"lower": {
		fires: []rewriting{{"stands for a sum", func(b *sketch) *graph.Value { return b.One(twice, nil, b.in(2)) }}},
		stays: []rewriting{{"with a kernel", func(b *sketch) *graph.Value { return op.Softmax(b.Builder, b.in(2, 3)) }}},
	},
	"fold": {
		fires: []rewriting{
			{"constants alone", func(b *sketch) *graph.Value {
				return op.Mul(b.Builder, b.in(2), op.Exp(b.Builder, op.Scale(b.Builder, b.Const(graph.Shape{2}, []float32{1, 2}), 3)))
			}},
			{"view of a constant", func(b *sketch) *graph.Value {
				return op.Mul(b.Builder, b.in(2, 1), op.Reshape(b.Builder, b.Const(graph.Shape{2}, []float32{1, 2}), 2, 1))
			}},
		},
		stays: []rewriting{
			{"fed", func(b *sketch) *graph.Value { return op.Mul(b.Builder, b.in(2), b.Scalar(3)) }},
			{"variable", func(b *sketch) *graph.Value {
				return op.Exp(b.Builder, b.Var("v", graph.State, graph.Shape{2}, nil).Value)
			}},
			{"too large to keep", func(b *sketch) *graph.Value { return op.BroadcastTo(b.Builder, b.Scalar(3), 300, 300) }},
		},
	},
	"simplify": {
		fires: []rewriting{
			{"times one", func(b *sketch) *graph.Value { return op.Exp(b.Builder, op.Mul(b.Builder, b.in(2), b.Scalar(1))) }},
			{"transposed operand", func(b *sketch) *graph.Value {
				return op.MatMul(b.Builder, b.in(2, 3), op.Transpose(b.Builder, b.in(4, 3), 1, 0), false, false)
			}},
		},
		stays: []rewriting{
			{"by three", func(b *sketch) *graph.Value { return op.Div(b.Builder, b.in(2), b.Scalar(3)) }},
			{"first product not exact", func(b *sketch) *graph.Value {
				return op.Scale(b.Builder, op.Scale(b.Builder, b.in(2), 0.3), 0.7)
			}},
			{"output that would be the input", func(b *sketch) *graph.Value { return op.Scale(b.Builder, b.in(2), 1) }},
		},
	},
	"common_subexpressions": {
		fires: []rewriting{{"equal nodes", func(b *sketch) *graph.Value {
			x := b.in(2)
			return op.Add(b.Builder, op.Exp(b.Builder, x), op.Exp(b.Builder, x))
		}}},
		stays: []rewriting{
			{"other input", func(b *sketch) *graph.Value {
				return op.Add(b.Builder, op.Exp(b.Builder, b.in(2)), op.Exp(b.Builder, b.in(2)))
			}},
			{"other setting", func(b *sketch) *graph.Value {
				x := b.in(2)
				return op.Add(b.Builder, op.Scale(b.Builder, x, 2), op.Scale(b.Builder, x, 3))
			}},
			{"update", func(b *sketch) *graph.Value {
				x := b.in(2)
				b.Stage = graph.Update
				return op.Add(b.Builder, op.Exp(b.Builder, x), op.Exp(b.Builder, x))
			}},
		},
	},
	"merge_constants": {
		fires: []rewriting{{"equal constants", func(b *sketch) *graph.Value {
			return b.both(op.Greater(b.Builder, b.in(2), b.Scalar(3)), op.Greater(b.Builder, b.in(2), b.Scalar(3)))
		}}},
		stays: []rewriting{
			{"other number", func(b *sketch) *graph.Value {
				return b.both(op.Greater(b.Builder, b.in(2), b.Scalar(3)), op.Greater(b.Builder, b.in(2), b.Scalar(4)))
			}},
			{"other shape", func(b *sketch) *graph.Value {
				one := b.Const(graph.Shape{1}, []float32{3})
				return b.both(op.Greater(b.Builder, b.in(2), b.Scalar(3)), op.Greater(b.Builder, b.in(2), one))
			}},
			{"zeros of either sign", func(b *sketch) *graph.Value {
				return b.both(op.Div(b.Builder, b.in(2), b.Scalar(0)), op.Div(b.Builder, b.in(2), b.Scalar(math.Copysign(0, -1))))
			}},
		},
	},
	"fuse_cross_entropy": {
		fires: []rewriting{
			{"loss alone", func(b *sketch) *graph.Value {
				return b.crossEntropy(op.LogSoftmax(b.Builder, b.in(4, 3)), b.in(4, 3))
			}},
			{"loss and gradient of classes", func(b *sketch) *graph.Value {
				logs, targets := op.LogSoftmax(b.Builder, b.in(4, 3)), op.OneHot(b.Builder, b.ids(4), 3, 1, 0)
				loss, dy := b.crossEntropy(logs, targets), op.Mul(b.Builder, b.in(4, 1), targets)
				return b.both(loss, b.One(made("log_softmax_grad"), nil, logs, dy))
			}},
		},
		stays: []rewriting{
			{"log softmax is read by others", func(b *sketch) *graph.Value {
				logs := op.LogSoftmax(b.Builder, b.in(4, 3))
				return b.both(b.crossEntropy(logs, b.in(4, 3)), logs)
			}},
			{"other factor", func(b *sketch) *graph.Value {
				return op.Scale(b.Builder, op.RowDot(b.Builder, b.in(4, 3), op.LogSoftmax(b.Builder, b.in(4, 3))), -2)
			}},
		},
	},
	"fuse_dense": {
		fires: []rewriting{
			{"bias", func(b *sketch) *graph.Value { return b.product(true) }},
			{"bias and activation", func(b *sketch) *graph.Value { return b.act(b.product(true), kernel.ActRelu) }},
			{"activation", func(b *sketch) *graph.Value { return b.act(b.product(false), kernel.ActTanh) }},
		},
		stays: []rewriting{
			{"product alone", func(b *sketch) *graph.Value { return b.product(false) }},
			{"product is read by others", func(b *sketch) *graph.Value {
				y := b.product(false)
				return b.both(op.Add(b.Builder, y, b.in(2)), y)
			}},
			{"activated product is read by others", func(b *sketch) *graph.Value {
				y := b.product(false)
				return b.both(b.act(y, kernel.ActRelu), y)
			}},
			{"added matrix", func(b *sketch) *graph.Value { return op.Add(b.Builder, b.product(false), b.in(4, 2)) }},
			{"left matrix transposed", func(b *sketch) *graph.Value {
				return b.act(op.MatMul(b.Builder, b.in(3, 4), b.in(3, 2), true, false), kernel.ActRelu)
			}},
		},
	},
	"fuse_conv": {
		fires: []rewriting{
			{"bias and activation", func(b *sketch) *graph.Value {
				return b.act(op.Add(b.Builder, b.conv(), b.in(4)), kernel.ActRelu)
			}},
			{"skip connection", func(b *sketch) *graph.Value { return op.Add(b.Builder, b.in(2, 5, 4), b.conv()) }},
			{"gradient", func(b *sketch) *graph.Value {
				return b.actGrad(b.conv(), b.in(2, 5, 4), kernel.ActRelu)
			}},
		},
		stays: []rewriting{
			{"convolution alone", func(b *sketch) *graph.Value { return b.conv() }},
			{"convolution is read by others", func(b *sketch) *graph.Value {
				y := b.conv()
				return b.both(b.act(y, kernel.ActRelu), y)
			}},
			{"added column", func(b *sketch) *graph.Value { return op.Add(b.Builder, b.conv(), b.in(5, 1)) }},
		},
	},
	"fuse_gradient": {
		fires: []rewriting{{"product and derivative", func(b *sketch) *graph.Value {
			return b.actGrad(b.product(false), b.in(4, 2), kernel.ActRelu)
		}}},
		stays: []rewriting{
			{"product is read by others", func(b *sketch) *graph.Value {
				y := b.product(false)
				return b.both(b.actGrad(y, b.in(4, 2), kernel.ActRelu), y)
			}},
			{"product with a bias", func(b *sketch) *graph.Value {
				return b.actGrad(b.product(true), b.in(4, 2), kernel.ActRelu)
			}},
		},
	},
	"fuse_norm": {
		fires: []rewriting{
			{"norm and relu", func(b *sketch) *graph.Value {
				y, _, _ := op.BatchNorm(b.Builder, b.in(4, 2), b.in(2), b.in(2), 1e-5)
				return b.act(y, kernel.ActRelu)
			}},
			{"with the gradient", func(b *sketch) *graph.Value {
				x := b.in(4, 2)
				y, _, _ := op.BatchNorm(b.Builder, x, nil, nil, 1e-5)
				return b.gradient(b.act(y, kernel.ActRelu), x)
			}},
		},
		stays: []rewriting{
			{"norm is read by others", func(b *sketch) *graph.Value {
				y, _, _ := op.BatchNorm(b.Builder, b.in(4, 2), nil, nil, 1e-5)
				return b.both(b.act(y, kernel.ActRelu), y)
			}},
			{"other activation", func(b *sketch) *graph.Value {
				y, _, _ := op.BatchNorm(b.Builder, b.in(4, 2), nil, nil, 1e-5)
				return b.act(y, kernel.ActTanh)
			}},
		},
	},
	"fuse_elementwise": {
		fires: []rewriting{{"chain with a side input", func(b *sketch) *graph.Value {
			return op.Exp(b.Builder, op.Mul(b.Builder, op.Square(b.Builder, b.in(2)), b.in(2)))
		}}},
		stays: []rewriting{
			{"single op", func(b *sketch) *graph.Value { return op.Exp(b.Builder, b.in(2)) }},
			{"link is read by others", func(b *sketch) *graph.Value {
				x := op.Square(b.Builder, b.in(2))
				return b.both(op.Exp(b.Builder, x), x)
			}},
			{"step and update", func(b *sketch) *graph.Value {
				x := op.Square(b.Builder, b.in(2))
				b.Stage = graph.Update
				return op.Exp(b.Builder, x)
			}},
		},
	},
	"dead_code": {
		fires: []rewriting{{"unread", func(b *sketch) *graph.Value {
			x := b.in(2)
			op.Square(b.Builder, op.Exp(b.Builder, x))
			return op.Abs(b.Builder, x)
		}}},
		stays: []rewriting{
			{"variable that nothing reads", func(b *sketch) *graph.Value {
				b.Var("v", graph.State, graph.Shape{2}, nil)
				return op.Abs(b.Builder, b.in(2))
			}},
			{"next value of a variable", func(b *sketch) *graph.Value {
				v := b.Var("v", graph.State, graph.Shape{2}, nil)
				b.Assign(v, op.Exp(b.Builder, v.Value))
				return op.Abs(b.Builder, b.in(2))
			}},
			{"second output", func(b *sketch) *graph.Value {
				_, mean, _ := op.BatchNorm(b.Builder, b.in(4, 2), nil, nil, 1e-5)
				return mean
			}},
		},
	},
}
