package pass_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
	"dnn/pkg/graph/pass"
)

func init() {
	cases("fuse_conv", rewritings{
		fires: []rewriting{
			{"bias and activation", func(b *sketch) *graph.Value {
				return b.act(op.Add(b.Builder, b.conv(), b.in(4)), vec.ActRelu)
			}},
			{"skip connection", func(b *sketch) *graph.Value { return op.Add(b.Builder, b.in(2, 5, 4), b.conv()) }},
			{"gradient", func(b *sketch) *graph.Value {
				return b.actGrad(b.conv(), b.in(2, 5, 4), vec.ActRelu)
			}},
		},
		stays: []rewriting{
			{"convolution alone", func(b *sketch) *graph.Value { return b.conv() }},
			{"convolution is read by others", func(b *sketch) *graph.Value {
				y := b.conv()
				return b.both(b.act(y, vec.ActRelu), y)
			}},
			{"added column", func(b *sketch) *graph.Value { return op.Add(b.Builder, b.conv(), b.in(5, 1)) }},
		},
	})
}

// convNet is a small net with every pattern that fuse_conv is for: bias and activation, a skip connection, a transposed
// convolution, and their gradients.
func convNet(t *testing.T, off []string) *graph.Graph {
	t.Helper()
	b := graph.NewBuilder()
	win := func(stride int) op.Window {
		return op.Window{Rank: 2, Kernel: [3]int{3, 3}, Stride: [3]int{stride, stride}, Dilation: [3]int{1, 1}, Before: [3]int{1, 1}, After: [3]int{1, 1}}
	}
	var params []*graph.Value
	param := func(shape ...int) *graph.Value {
		r := rand.New(rand.NewPCG(uint64(len(params)), 7))
		p := b.Param(graph.Param{Name: string(rune('a' + len(params))), Shape: shape, Init: func(dst []float32) {
			for i := range dst {
				dst[i] = float32(r.NormFloat64()) * 0.2
			}
		}}, true)
		params = append(params, p)
		return p
	}
	x := b.Input("x", graph.Floats(3, 9, 8, 4))
	h := op.Activate(b, op.Conv(b, x, param(20, 4, 3, 3), param(20), win(1), 1), vec.ActRelu, 0)
	u := op.Activate(b, op.Conv(b, h, param(20, 20, 3, 3), param(20), win(1), 1), vec.ActGelu, 0)
	h = op.Activate(b, op.Add(b, op.Conv(b, u, param(20, 20, 3, 3), param(20), win(1), 1), h), vec.ActRelu, 0)
	d := op.Activate(b, op.Conv(b, h, param(33, 20, 3, 3), nil, win(2), 1), vec.ActTanh, 0)
	h = op.Activate(b, op.ConvTranspose(b, d, param(33, 20, 3, 3), param(20), win(2), 1, []int{9, 8}), vec.ActRelu, 0)
	h = op.Conv(b, h, param(20, 1, 3, 3), param(20), win(1), 20)
	loss := op.Sum(b, op.Square(b, h), []int{0, 1, 2, 3}, false)
	b.SetOutput("loss", loss)
	b.Stage = graph.Backward
	var parts []*graph.Value
	var offsets []int
	for i, v := range grad.Build(b, loss, nil, params) {
		parts, offsets = append(parts, v), append(offsets, b.Weights().Params[i].Offset)
	}
	flat := op.Pack(b, b.Weights().Value.Shape.Size(), offsets, parts...)
	b.SetOutput("gradient", flat)
	b.Stage = graph.Update
	b.Assign(b.Weights(), op.Sub(b, b.Weights().Value, op.Scale(b, flat, 1e-4)))
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if g, err = pass.Run(g, off); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestFuseConv(t *testing.T) {
	have := map[string]int{}
	for _, n := range convNet(t, nil).Nodes {
		if n.Op != nil {
			have[n.Op.Name]++
		}
	}
	for name, want := range map[string]int{"conv": 0, "conv_transpose": 0, "conv_act": 6, "conv_act_grad": 5, "activate": 1, "activate_grad": 0, "conv_weight_grad": 6} {
		if have[name] != want {
			t.Errorf("%d times %s, want %d; there are %v", have[name], name, want, have)
		}
	}
}

func TestFuseConvChangesNoBit(t *testing.T) {
	defer cpu.Use(cpu.Variant())
	want := run(t, convNet(t, pass.Names()), exec.Options{}, 1)
	for _, v := range cpu.Variants() {
		if err := cpu.Use(v); err != nil {
			t.Fatal(err)
		}
		for _, off := range [][]string{nil, {"fuse_conv"}, {"fuse_elementwise"}} {
			if !slices.Equal(run(t, convNet(t, off), exec.Options{}, 2), want) {
				t.Errorf("%s without %v: passes change the result", v, off)
			}
		}
	}
}
