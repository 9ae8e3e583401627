package graph_test

import (
	"slices"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// What is left out goes with its readers' consent; what stays moves together, with its first values.
func TestWithout(t *testing.T) {
	b := graph.NewBuilder()
	fill := func(x float32) func([]float32) {
		return func(dst []float32) {
			for i := range dst {
				dst[i] = x
			}
		}
	}
	first := b.Param(graph.Param{Name: "a", Shape: graph.Shape{3}, Init: fill(1)}, true)
	second := b.Param(graph.Param{Name: "b", Shape: graph.Shape{3}, Init: fill(2)}, true)
	frozen := b.Param(graph.Param{Name: "c", Shape: graph.Shape{3}}, false)
	state := b.Var("s", graph.State, graph.Shape{3}, nil)
	b.SetOutput("y", op.Add(b, op.Add(b, first, second), op.Add(b, frozen, state.Value)))
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if p, v := g.ParamOf(second); p == nil || p.Name != "b" || v.Name != "weights" {
		t.Errorf("second is %v of %v", p, v)
	}
	if p, _ := g.ParamOf(state.Value); p != nil {
		t.Errorf("a state is %v", p)
	}
	names := map[string]bool{"a": true, "c": true, "s": true}
	views := 0
	less, err := graph.Without(g, names, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		if n.Op == graph.View {
			views++
			return []*graph.Value{nil}
		}
		for i := range in {
			if in[i] == nil {
				in[i] = r.Input("other", graph.Floats(3))
			}
		}
		return nil
	})
	if err != nil || views != 2 {
		t.Fatalf("%v, asked about %d views", err, views)
	}
	if len(less.Vars) != 1 || !less.Vars[0].Value.Shape.Equal(graph.Shape{16}) || len(less.Vars[0].Params) != 1 || less.Vars[0].Params[0].Offset != 0 {
		t.Errorf("left is %+v", less.Vars)
	}
	values := make([]float32, 16)
	less.Vars[0].Init(values)
	if !slices.Equal(values[:4], []float32{2, 2, 2, 0}) {
		t.Errorf("first values %v", values)
	}
	if g.Var("frozen") == nil || g.Var("weights").Params[1].Offset != 16 {
		t.Error("the graph itself changed")
	}
}
