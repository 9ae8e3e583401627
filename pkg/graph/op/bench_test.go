package op_test

import (
	"testing"

	"dnn/pkg/graph"
)

// BenchmarkKernels times every case on one thread.
func BenchmarkKernels(b *testing.B) {
	for _, k := range graph.Ops.Kinds() {
		for _, c := range k.Value.Cases {
			if k.Value.Kernel == nil {
				continue
			}
			b.Run(k.Key+"/"+c.Name, func(b *testing.B) {
				e := newExample(b, k.Value, c)
				kernel := k.Value.Kernel(e.node)
				call := e.call(kernel)
				b.SetBytes(int64(k.Value.Cost(e.node).Bytes))
				for b.Loop() {
					for _, p := range kernel.Phases {
						whole(p, call)
					}
				}
			})
		}
	}
}
