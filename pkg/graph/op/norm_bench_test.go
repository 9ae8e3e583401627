package op_test

import (
	"fmt"
	"testing"

	"dnn/internal/kernel/vec"
	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// BenchmarkNorms times normalization of the pictures in small residual nets, on one thread and on all. The rate counts
// each value as read or written once.
func BenchmarkNorms(b *testing.B) {
	norm, relu := op.NormAttrs{Eps: 1e-5, Gamma: true, Beta: true}, op.ActivateAttrs{Act: vec.ActRelu}
	for _, s := range []graph.Shape{{32, 32, 32, 16}, {128, 32, 32, 16}, {64, 28, 28, 32}, {32, 8, 8, 64}} {
		n := s.Last()
		x, row, positive := graph.Normal(s...), graph.Normal(n), graph.Uniform(0.5, 1.5, n)
		for _, c := range []struct {
			op    string
			attrs any
			in    []graph.Arg
		}{
			{"batch_norm", norm, []graph.Arg{x, row, row}},
			{"batch_norm_apply", norm, []graph.Arg{x, row, positive, row, row}},
			{"batch_norm_grad", op.NormAttrs{Eps: 1e-5, Gamma: true}, []graph.Arg{x, x, row, positive, row}},
			{"batch_norm_relu", norm, []graph.Arg{x, row, row}},
			{"batch_norm_apply_relu", norm, []graph.Arg{x, row, positive, row, row}},
			{"batch_norm_relu_grad", norm, []graph.Arg{x, x, row, positive, row, row}},
			{"activate", relu, []graph.Arg{x}},
			{"activate_grad", relu, []graph.Arg{x, x}},
		} {
			for _, threads := range []int{1, 2} {
				b.Run(fmt.Sprintf("%s/%v/threads=%d", c.op, s, threads), func(b *testing.B) {
					o, _ := graph.Ops.Get(c.op)
					e := newExample(b, o, graph.Case{Attrs: c.attrs, In: c.in})
					pool := parallel.New(threads)
					defer pool.Close()
					k := o.Kernel(e.node)
					call := e.call(k)
					var phases []func(worker, lo, hi int)
					for _, p := range k.Phases {
						phases = append(phases, func(_, lo, hi int) { p.Run(call, lo, hi) })
					}
					b.SetBytes(int64(o.Cost(e.node).Bytes))
					for b.Loop() {
						for i, p := range k.Phases {
							pool.Run(p.Units, phases[i])
						}
					}
				})
			}
		}
	}
}
