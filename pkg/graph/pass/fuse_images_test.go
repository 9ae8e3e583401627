package pass_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/graph/pass"
)

func init() {
	cases("fuse_images", rewritings{
		fires: []rewriting{
			{"convolution and pool", func(b *sketch) *graph.Value { return b.halved(b.convInt8(b.in(16, 4, 4, 3), 5)) }},
			{"two convolutions and a norm", func(b *sketch) *graph.Value {
				y := b.convInt8(b.in(16, 4, 4, 3), 5)
				y = op.BatchNormApply(b.Builder, y, nil, nil, b.in(5), b.in(5), 1e-5)
				return b.convInt8(y, 2)
			}},
		},
		stays: []rewriting{
			{"few images", func(b *sketch) *graph.Value { return b.halved(b.convInt8(b.in(15, 4, 4, 3), 5)) }},
			{"no convolution of integers", func(b *sketch) *graph.Value { return b.halved(b.halved(b.in(16, 4, 4, 3))) }},
			{"others read what lies between", func(b *sketch) *graph.Value {
				y := b.convInt8(b.in(16, 4, 4, 3), 5)
				return b.both(b.halved(y), y)
			}},
		},
	})
}

func (b *sketch) convInt8(x *graph.Value, filters int) *graph.Value {
	c, win := x.Shape.Last(), op.Window{Rank: 2, Kernel: [3]int{3, 3}, Stride: [3]int{1, 1}, Dilation: [3]int{1, 1}, Before: [3]int{1, 1}, After: [3]int{1, 1}}
	return op.ConvInt8(b.Builder, x, b.int8s(filters, c, 3, 3), b.in(filters), b.in(filters), op.ConvInt8Attrs{Window: win, Groups: 1, Act: vec.ActRelu})
}

func (b *sketch) halved(x *graph.Value) *graph.Value {
	return op.MaxPool(b.Builder, x, op.Window{Rank: 2, Kernel: [3]int{2, 2}, Stride: [3]int{2, 2}, Dilation: [3]int{1, 1}})
}

// TestFuseImagesChangesNoBit runs a net with the pass and without, on one thread and on three.
func TestFuseImagesChangesNoBit(t *testing.T) {
	b := &sketch{Builder: graph.NewBuilder()}
	y := op.BatchNormApply(b.Builder, b.convInt8(b.in(16, 8, 8, 3), 16), nil, nil, b.in(16), b.in(16), 1e-5)
	b.SetOutput("y", b.halved(b.convInt8(b.halved(b.convInt8(y, 16)), 7)))
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	var want []float32
	for _, off := range [][]string{{"fuse_images"}, nil} {
		through, err := pass.Run(g, off)
		if err != nil {
			t.Fatal(err)
		}
		if fused := slices.ContainsFunc(through.Nodes, func(n *graph.Node) bool { return n.Op != nil && n.Op.Name == "images" }); fused != (off == nil) {
			t.Errorf("without %v images go one by one: %v", off, fused)
		}
		for _, threads := range []int{1, 3} {
			pool := exec.NewPool(threads)
			defer pool.Close()
			p, err := exec.Compile(through, exec.NewState(), pool, exec.Options{})
			if err != nil {
				t.Fatal(err)
			}
			r := rand.New(rand.NewPCG(1, 2))
			for _, n := range g.Nodes {
				if n.Leaf != graph.Input {
					continue
				}
				feed := p.Feed(n.Name)
				for i := range feed.F {
					feed.F[i] = r.Float32()
				}
				for i := range feed.S {
					feed.S[i] = int8(r.IntN(255) - 127)
				}
			}
			p.Run()
			got := slices.Clone(p.Output("y").F)
			if want == nil {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("without %v, %d threads: the bits differ", off, threads)
			}
		}
	}
}
