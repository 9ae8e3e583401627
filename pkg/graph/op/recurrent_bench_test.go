package op_test

import (
	"testing"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// BenchmarkRecurrent times whole sequences on one thread, the way forward and the way back, without the products of the
// inputs and the gradient by w.
func BenchmarkRecurrent(b *testing.B) {
	for _, c := range []struct {
		kind               string
		rows, steps, units int
		gates              int
	}{{"rnn", 32, 64, 128, 1}, {"lstm", 64, 28, 128, 4}, {"gru", 32, 64, 256, 3}, {"lstm", 16, 20, 650, 4}} {
		rows, all := graph.Normal(c.rows, c.steps, c.gates*c.units), graph.Normal(c.rows, c.steps, c.units)
		gates, w := graph.Uniform(0.1, 0.9, c.rows, c.steps, c.gates*c.units), graph.Uniform(-0.1, 0.1, c.gates*c.units, c.units)
		a := op.RecurrentAttrs{Act: vec.ActTanh}
		back := []graph.Arg{all, gates, all, all, w}
		if c.kind == "rnn" {
			back = []graph.Arg{all, all, w}
		}
		for _, k := range []struct {
			name string
			c    graph.Case
		}{
			{c.kind, graph.Case{Attrs: a, In: []graph.Arg{rows, w}}},
			{c.kind + "_grad", graph.Case{Attrs: op.RecurrentGradAttrs{RecurrentAttrs: a, DY: true}, In: back}},
		} {
			b.Run(k.name, func(b *testing.B) {
				o, _ := graph.Ops.Get(k.name)
				e := newExample(b, o, k.c)
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
