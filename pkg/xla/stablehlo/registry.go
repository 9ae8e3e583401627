package stablehlo

import (
	"fmt"

	"dnn/internal/registry"
	"dnn/pkg/graph"
)

// Lowering writes a node: it gets what its inputs became and returns its outputs.
type Lowering func(e *emitter, n *graph.Node, in []val) []val

// Registry holds the lowerings, by op.
var Registry = registry.New[Lowering]("lowering")

// Unsupported is the error of a graph with an op that has neither a lowering nor a decomposition.
type Unsupported struct{ Layer, Op, Why string }

func (u *Unsupported) Error() string {
	layer := u.Layer
	if layer == "" {
		layer = "the net"
	}
	return fmt.Sprintf("layer %s: op %s cannot run on an accelerator: %s; take --device cpu", layer, u.Op, u.Why)
}

// onCPU are the ops that are not lowered, and why.
var onCPU = map[string]string{}

// OnCPU says why an op is not lowered, "" where it is.
func OnCPU(op string) string { return onCPU[op] }

// withoutLowering are ops that only nets on the CPU have.
func withoutLowering(why string, ops ...string) {
	for _, op := range ops {
		onCPU[op] = why
	}
}

func init() {
	withoutLowering("it multiplies integers of 8 bits, for which the CPU has kernels",
		"conv_int8", "dense_int8", "gru_int8", "lstm_int8", "rnn_int8", "images")
	withoutLowering("its weights are kept as lists of those that are not zero, for which the CPU has kernels",
		"dense_sparse", "widen_sparse")
}

// decomposed is g with simpler ops in place of those that have no lowering.
func decomposed(g *graph.Graph) (*graph.Graph, error) {
	for {
		some := false
		next, err := graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
			if _, known := Registry.Get(n.Op.Name); known || n.Op.Decompose == nil {
				return nil
			}
			some = true
			return n.Op.Decompose(r.Builder, &graph.Node{Op: n.Op, Attrs: n.Attrs, Inputs: in, Outputs: n.Outputs, Scope: n.Scope, Stage: n.Stage})
		})
		if err != nil || !some {
			return g, err
		}
		g = next
	}
}
