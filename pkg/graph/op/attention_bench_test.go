package op_test

import (
	"fmt"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// BenchmarkAttention times attention and its gradient on one thread. The rate counts the products that are computed:
// about half with a causal mask.
func BenchmarkAttention(b *testing.B) {
	for _, s := range []struct{ rows, heads, length, width int }{
		{12, 4, 64, 32}, {8, 6, 256, 64}, {1, 8, 256, 64}, {1, 8, 1024, 64}, {1, 8, 4096, 64},
	} {
		for _, causal := range []bool{false, true} {
			a := op.AttentionAttrs{Heads: s.heads, KeyHeads: s.heads, Causal: causal}
			x := graph.Normal(s.rows, s.length, s.heads*s.width)
			for name, in := range map[string][]graph.Arg{
				"attention": {x, x, x}, "attention_grad": {x, x, graph.Uniform(7, 9, s.rows, s.heads, s.length), x, x, x},
			} {
				b.Run(fmt.Sprintf("%s/%dx%dx%dx%d/causal=%v", name, s.rows, s.heads, s.length, s.width, causal), func(b *testing.B) {
					o, _ := graph.Ops.Get(name)
					e := newExample(b, o, graph.Case{Attrs: a, In: in})
					kernel := o.Kernel(e.node)
					call := e.call(kernel)
					for b.Loop() {
						for _, p := range kernel.Phases {
							whole(p, call)
						}
					}
					b.ReportMetric(o.Cost(e.node).Flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
				})
			}
		}
	}
}
