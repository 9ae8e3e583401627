package graph_test

import (
	"slices"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// small is y = (x + c)·v, with exp(y) as v's next value: inputs x, c and v are nodes 0, 1 and 2.
func small(t *testing.T) *graph.Graph {
	t.Helper()
	b := graph.NewBuilder()
	x, c := b.Input("x", graph.Floats(2)), b.Const(graph.Shape{2}, []float32{1, 2})
	v := b.Var("v", graph.State, graph.Shape{2}, nil)
	y := op.Mul(b, op.Add(b, x, c), v.Value)
	b.SetOutput("y", y)
	b.Assign(v, op.Exp(b, y))
	return finish(t, b)
}

// TestVerify breaks every rule on its own.
func TestVerify(t *testing.T) {
	const add, mul = 3, 4
	stranger := &graph.Value{ID: 0, Type: graph.Floats(2)}
	beyond := &graph.Value{ID: 99, Type: graph.Floats(2)}
	for _, c := range []struct {
		name, want string
		harm       func(g *graph.Graph)
	}{
		{"ids with a gap", "graph: node 3 has id 7", func(g *graph.Graph) { g.Nodes[add].ID = 7 }},
		{"use before definition", "graph: node 3 (mul): input 0 is not defined before it", func(g *graph.Graph) {
			g.Nodes[add], g.Nodes[mul] = g.Nodes[mul], g.Nodes[add]
			g.Nodes[add].ID, g.Nodes[mul].ID = add, mul
		}},
		{"input of another graph", "graph: node 3 (add): input 0 is not defined before it", func(g *graph.Graph) {
			g.Nodes[add].Inputs[0] = stranger
		}},
		{"input beyond all values", "graph: node 3 (add): input 1 is not defined before it", func(g *graph.Graph) {
			g.Nodes[add].Inputs[1] = beyond
		}},
		{"neither leaf nor op", "graph: node 0 (): is neither a leaf nor has it an op", func(g *graph.Graph) {
			g.Nodes[0].Leaf, g.Nodes[0].Name = graph.NotLeaf, ""
		}},
		{"leaf with an input", "graph: node 1 (constant): is neither a leaf nor has it an op", func(g *graph.Graph) {
			g.Nodes[1].Inputs = []*graph.Value{g.Values[0]}
		}},
		{"leaf without a value", "graph: node 0 (input x): is neither a leaf nor has it an op", func(g *graph.Graph) {
			g.Nodes[0].Outputs = nil
		}},
		{"constant without data", "graph: node 1 (constant): a constant without its data", func(g *graph.Graph) {
			delete(g.Consts, g.Values[1])
		}},
		{"constant with too little data", "graph: node 1 (constant): a constant without its data", func(g *graph.Graph) {
			g.Consts[g.Values[1]] = []float32{1}
		}},
		{"inputs that do not fit", "graph: node 3 (add): [3] and [2] cannot be broadcast: extents 3 and 2 differ", func(g *graph.Graph) {
			g.Values[0].Shape = graph.Shape{3}
		}},
		{"too many outputs", "graph: node 3 (add): has 2 outputs, its op 1", func(g *graph.Graph) {
			g.Nodes[add].Outputs = append(g.Nodes[add].Outputs, beyond)
		}},
		{"other shape than the op's", "graph: node 3 (add): output 0 is f32[3], its op says f32[2]", func(g *graph.Graph) {
			g.Values[add].Shape = graph.Shape{3}
		}},
		{"other type than the op's", "graph: node 3 (add): output 0 is i32[2], its op says f32[2]", func(g *graph.Graph) {
			g.Values[add].DType = graph.I32
		}},
		{"value of another node", "graph: output 0 of node 3 is not its own", func(g *graph.Graph) { g.Values[add].Node = g.Nodes[mul] }},
		{"value at another position", "graph: output 0 of node 3 is not its own", func(g *graph.Graph) { g.Values[add].Index = 1 }},
		{"value with another id", "graph: output 0 of node 3 is not its own", func(g *graph.Graph) { g.Values[add].ID = mul }},
		{"value twice", "graph: output 0 of node 4 is not its own", func(g *graph.Graph) { g.Values[mul].ID = add }},
		{"value that is not listed", "graph: output 0 of node 3 is not its own", func(g *graph.Graph) {
			g.Values[add] = &graph.Value{ID: add, Type: graph.Floats(2)}
		}},
		{"value without a node", "graph: value 6 has no node", func(g *graph.Graph) {
			g.Values = append(g.Values, &graph.Value{ID: 6, Type: graph.Floats(2)})
		}},
		{"output of another graph", "graph: output y is not in the graph", func(g *graph.Graph) { g.Outputs[0].Value = stranger }},
		{"output beyond all values", "graph: output y is not in the graph", func(g *graph.Graph) { g.Outputs[0].Value = beyond }},
		{"variable takes another shape", "graph: variable v cannot take value 0", func(g *graph.Graph) {
			g.Assigns[0].Value = &graph.Value{ID: 0, Type: graph.Floats(3)}
		}},
		{"variable takes a value of another graph", "graph: variable v cannot take value 0", func(g *graph.Graph) {
			g.Assigns[0].Value = stranger
		}},
		{"variable takes a value beyond all", "graph: variable v cannot take value 99", func(g *graph.Graph) {
			g.Assigns[0].Value = beyond
		}},
		{"variable of another graph takes a value", "graph: variable v cannot take value 5", func(g *graph.Graph) {
			g.Assigns[0].Var = &graph.Var{Name: "v", Value: stranger}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := small(t)
			if err := g.Verify(); err != nil {
				t.Fatal(err)
			}
			g.Nodes = slices.Clone(g.Nodes)
			c.harm(g)
			if err := g.Verify(); err == nil || err.Error() != c.want {
				t.Errorf("says %v, want %s", err, c.want)
			}
		})
	}
}
