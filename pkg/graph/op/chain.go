package op

import (
	"fmt"
	"slices"
	"strings"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// ChainAttrs are the steps of a chain, each of which may read the inputs and the steps before it.
type ChainAttrs struct{ Steps []ChainStep }

// ChainStep is one op of a chain. In holds, for each of its inputs, the number of an input of the chain, or -1-i for the
// result of step i.
type ChainStep struct {
	Op    string
	Attrs any
	In    []int
}

// ChainInputs is how many inputs a chain may have.
const ChainInputs = 8

var chainOp graph.Op

// Chain computes several elementwise ops on values of one shape block by block, so that what lies between them never
// leaves the cache. The result is that of the last step, and has the same bits as the ops one by one. Inputs may be
// repeated along the rows or the columns of the shape.
func Chain(b *graph.Builder, steps []ChainStep, in ...*graph.Value) *graph.Value {
	return b.One(&chainOp, ChainAttrs{steps}, in...)
}

func init() {
	chainOp = graph.Op{
		Name:  "chain",
		Doc:   "y = several elementwise ops on values of one shape, block by block",
		Infer: inferChain,
		Decompose: func(b *graph.Builder, n *graph.Node) []*graph.Value {
			nodes := n.Attrs.(ChainAttrs).build(b, n.Inputs)
			return nodes[len(nodes)-1].Outputs
		},
		Eval:   evalChain,
		Kernel: chainKernel,
		Cost: func(n *graph.Node) graph.Cost {
			total := graph.Cost{Bytes: traffic(n)}
			for _, m := range n.Attrs.(ChainAttrs).nodes(n) {
				cost := m.Op.Cost(m)
				total.Flops, total.Products = total.Flops+cost.Flops, total.Products+cost.Products
			}
			return total
		},
		Cases: chainCases(),
	}
	for i := range ChainInputs {
		chainOp.InPlace = append(chainOp.InPlace, graph.Alias{Out: 0, In: i})
	}
	graph.Ops.Register(chainOp.Name, chainOp.Doc, &chainOp)
}

func inferChain(attrs any, in []graph.Type) ([]graph.Type, error) {
	steps := attrs.(ChainAttrs).Steps
	if len(in) == 0 || len(in) > ChainInputs || len(steps) == 0 {
		return nil, fmt.Errorf("takes 1 to %d inputs and some steps, got %d and %d", ChainInputs, len(in), len(steps))
	}
	results, used := make([]graph.Type, len(steps)), make([]bool, len(in))
	for i, s := range steps {
		o, ok := graph.Ops.Get(s.Op)
		if !ok || elements[s.Op] == nil {
			return nil, fmt.Errorf("step %d: %q is no elementwise op", i, s.Op)
		}
		var operands []graph.Type
		for _, k := range s.In {
			switch {
			case k >= len(in) || k < -i:
				return nil, fmt.Errorf("step %d reads %d, which is not there", i, k)
			case k < 0:
				operands = append(operands, results[-1-k])
			default:
				operands, used[k] = append(operands, in[k]), true
			}
		}
		out, err := o.Infer(s.Attrs, operands)
		if err != nil {
			return nil, fmt.Errorf("step %d, %s: %w", i, s.Op, err)
		}
		if err := fitsChain(operands, out[0].Shape); err != nil {
			return nil, fmt.Errorf("step %d, %s: %w", i, s.Op, err)
		}
		results[i] = out[0]
		if !out[0].Shape.Equal(results[0].Shape) {
			return nil, fmt.Errorf("step %d, %s: the shape changes from %v to %v", i, s.Op, results[0].Shape, out[0].Shape)
		}
	}
	if i := slices.Index(used, false); i >= 0 {
		return nil, fmt.Errorf("no step reads input %d", i)
	}
	return results[len(results)-1:], nil
}

// build adds the steps one by one.
func (a ChainAttrs) build(b *graph.Builder, in []*graph.Value) []*graph.Node {
	var nodes []*graph.Node
	for _, s := range a.Steps {
		o, _ := graph.Ops.Get(s.Op)
		var operands []*graph.Value
		for _, k := range s.In {
			if k < 0 {
				operands = append(operands, nodes[-1-k].Outputs[0])
			} else {
				operands = append(operands, in[k])
			}
		}
		nodes = append(nodes, b.Add(o, s.Attrs, operands...)[0].Node)
	}
	return nodes
}

// nodes are the steps in a graph of their own, whose first nodes stand for the inputs of n.
func (a ChainAttrs) nodes(n *graph.Node) []*graph.Node {
	b := graph.NewBuilder()
	var in []*graph.Value
	for i, v := range n.Inputs {
		in = append(in, b.Input(fmt.Sprint(i), v.Type))
	}
	return a.build(b, in)
}

func evalChain(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(ChainAttrs)
	var results []graph.Ref
	for i, m := range a.nodes(n) {
		var operands []graph.Ref
		for _, k := range a.Steps[i].In {
			if k < 0 {
				operands = append(operands, results[-1-k])
			} else {
				operands = append(operands, in[k])
			}
		}
		results = append(results, graph.Ref{F: make([]float64, len(out[0].F))})
		m.Op.Eval(m, operands, results[i:])
	}
	copy(out[0].F, results[len(results)-1].F)
}

func (s ChainStep) String() string {
	var in []string
	for _, k := range s.In {
		if k < 0 {
			in = append(in, fmt.Sprintf("step %d", -1-k))
		} else {
			in = append(in, fmt.Sprintf("in %d", k))
		}
	}
	attrs := ""
	if s.Attrs != nil {
		attrs = fmt.Sprintf(" %v", s.Attrs)
	}
	return s.Op + "(" + strings.Join(in, ", ") + ")" + attrs
}

func chainCases() []graph.Case {
	relu := ActivateAttrs{Act: vec.ActTanh}
	affine := []ChainStep{{"mul", nil, []int{0, 1}}, {"add", nil, []int{-1, 2}}, {"activate", relu, []int{-2}}}
	tree := []ChainStep{
		{"scale", ScaleAttrs{-1.5}, []int{0}}, {"square", nil, []int{1}}, {"mul", nil, []int{-1, -2}}, {"sub", nil, []int{2, -3}},
		{"lerp", LerpAttrs{0.3}, []int{-4, -1}},
	}
	affineOn := func(x, gamma, beta graph.Shape) []graph.Arg {
		return []graph.Arg{graph.Normal(x...), graph.Normal(gamma...), graph.Normal(beta...)}
	}
	return []graph.Case{
		{Name: "rows", Attrs: ChainAttrs{affine}, In: affineOn(graph.Shape{5, 3}, graph.Shape{3}, graph.Shape{1, 3})},
		{Name: "columns", Attrs: ChainAttrs{affine}, In: affineOn(graph.Shape{5, 3}, graph.Shape{5, 1}, graph.Shape{5, 3})},
		{Name: "scalars", Attrs: ChainAttrs{affine}, In: affineOn(graph.Shape{2, 7}, graph.Shape{}, graph.Shape{1})},
		{Name: "long rows", Attrs: ChainAttrs{affine}, In: affineOn(graph.Shape{3, 5003}, graph.Shape{5003}, graph.Shape{3, 1})},
		{Name: "many rows", Attrs: ChainAttrs{affine}, In: affineOn(graph.Shape{40, 5, 43}, graph.Shape{43}, graph.Shape{40, 5, 1})},
		{Name: "tree", Attrs: ChainAttrs{tree}, In: affineOn(graph.Shape{1300}, graph.Shape{1300}, graph.Shape{1300})},
		{Name: "single", Attrs: ChainAttrs{tree}, In: affineOn(graph.Shape{}, graph.Shape{}, graph.Shape{})},
	}
}
