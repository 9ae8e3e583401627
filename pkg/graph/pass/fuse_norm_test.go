package pass_test

import (
	"testing"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
	"dnn/pkg/graph/pass"
)

func init() {
	cases("fuse_norm", rewritings{
		fires: []rewriting{
			{"norm and relu", func(b *sketch) *graph.Value {
				y, _, _ := op.BatchNorm(b.Builder, b.in(4, 2), b.in(2), b.in(2), 1e-5)
				return b.act(y, vec.ActRelu)
			}},
			{"with the gradient", func(b *sketch) *graph.Value {
				x := b.in(4, 2)
				y, _, _ := op.BatchNorm(b.Builder, x, nil, nil, 1e-5)
				return b.gradient(b.act(y, vec.ActRelu), x)
			}},
		},
		stays: []rewriting{
			{"norm is read by others", func(b *sketch) *graph.Value {
				y, _, _ := op.BatchNorm(b.Builder, b.in(4, 2), nil, nil, 1e-5)
				return b.both(b.act(y, vec.ActRelu), y)
			}},
			{"other activation", func(b *sketch) *graph.Value {
				y, _, _ := op.BatchNorm(b.Builder, b.in(4, 2), nil, nil, 1e-5)
				return b.act(y, vec.ActTanh)
			}},
		},
	})
}

// A norm and a relu are joined where nothing reads what lies between, with and without their gradients.
func TestFuseNorm(t *testing.T) {
	relu := func(b *graph.Builder, x *graph.Value) *graph.Value { return op.Activate(b, x, vec.ActRelu, 0) }
	type builder struct {
		*graph.Builder
		x, gamma, beta, mean, variance *graph.Value
	}
	gradient := func(b builder, y *graph.Value) *graph.Value {
		g := grad.Build(b.Builder, op.Sum(b.Builder, op.Mul(b.Builder, y, b.Input("weighting", y.Type)), nil, false), nil, []*graph.Value{b.x, b.gamma})
		return op.Add(b.Builder, g[0], g[1])
	}
	for _, c := range []struct {
		name  string
		build func(b builder) *graph.Value
		want  string
	}{
		{"in training", func(b builder) *graph.Value {
			y, _, _ := op.BatchNorm(b.Builder, b.x, b.gamma, b.beta, 1e-5)
			return relu(b.Builder, y)
		}, "batch_norm_relu"},
		{"in evaluation", func(b builder) *graph.Value {
			return relu(b.Builder, op.BatchNormApply(b.Builder, b.x, nil, b.beta, b.mean, b.variance, 1e-5))
		}, "batch_norm_apply_relu"},
		{"with its gradient", func(b builder) *graph.Value {
			y, _, _ := op.BatchNorm(b.Builder, b.x, b.gamma, b.beta, 1e-5)
			return gradient(b, relu(b.Builder, y))
		}, "batch_norm_relu batch_norm_relu_grad add"},
		{"without a summand", func(b builder) *graph.Value {
			y, _, _ := op.BatchNorm(b.Builder, b.x, b.gamma, nil, 1e-5)
			return gradient(b, relu(b.Builder, y))
		}, "batch_norm_relu batch_norm_relu_grad add"},
		{"read by another", func(b builder) *graph.Value {
			y, _, _ := op.BatchNorm(b.Builder, b.x, b.gamma, b.beta, 1e-5)
			return op.Concat(b.Builder, 1, relu(b.Builder, y), y)
		}, "batch_norm activate concat"},
		{"another function", func(b builder) *graph.Value {
			y, _, _ := op.BatchNorm(b.Builder, b.x, b.gamma, b.beta, 1e-5)
			return op.Activate(b.Builder, y, vec.ActTanh, 0)
		}, "batch_norm activate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := builder{Builder: graph.NewBuilder()}
			row := func(name string) *graph.Value { return b.Input(name, graph.Floats(5)) }
			b.x, b.gamma, b.beta, b.mean, b.variance = b.Input("x", graph.Floats(24, 5)), row("gamma"), row("beta"), row("mean"), row("variance")
			b.SetOutput("y", op.Concat(b.Builder, 0, flat(b.Builder, c.build(b)), b.Const(graph.Shape{1}, []float32{1})))
			g, err := b.Finish()
			if err != nil {
				t.Fatal(err)
			}
			fused, err := pass.Run(g, []string{"fuse_elementwise"})
			if err != nil {
				t.Fatal(err)
			}
			plain, err := pass.Run(g, []string{"fuse_elementwise", "fuse_norm"})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := compute(t, fused), compute(t, plain); got != want {
				t.Errorf("the bits are\n%s, want\n%s", got, want)
			}
			if got, want := ops(fused), c.want+" concat"; got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}
