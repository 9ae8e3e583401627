package calls

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("max_pool", "y = the largest element of each window", func(e *Emitter, n *graph.Node) {
		table, _, _ := windows(n)
		e.Call("maxPool", e.Out(0), e.In(0), table)
	})
}
