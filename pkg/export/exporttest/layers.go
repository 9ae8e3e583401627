package exporttest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// LayerNet is a layer alone as it predicts, for some number of rows, with what is fed to it and what the float64 reference computes.
type LayerNet struct {
	Name  string
	Graph *graph.Graph
	Data  func(v *graph.Var) graph.Buffer
	In    map[string]graph.Buffer
	Out   graph.Buffer // of the output y
}

// EachLayer makes nets of the cases of all layers, each for four rows and for five.
func EachLayer(do func(four, five *LayerNet) error) error {
	for _, k := range layers.Registry.Kinds() {
		for i, c := range k.Value.Cases() {
			four, err := layerNet(c, 4)
			if err != nil {
				return fmt.Errorf("%s: %w", c.Layer, err)
			}
			five, err := layerNet(c, 5)
			if err != nil {
				return fmt.Errorf("%s: %w", c.Layer, err)
			}
			four.Name = fmt.Sprintf("%s, %d", k.Key, i)
			if err := do(four, five); err != nil {
				return fmt.Errorf("%s: %w", four.Name, err)
			}
		}
	}
	return nil
}

func layerNet(c layers.Case, rows int) (*LayerNet, error) {
	doc, err := spec.Parse("case.yaml", []byte("layers: ["+c.Layer+"]"), nil)
	if err != nil {
		return nil, err
	}
	var p spec.Problems
	var list struct{ Layers []layers.Entry }
	doc.Decode(&list, &p)
	s := layers.Spec{Layers: list.Layers, Inputs: c.In, Seed: 5, Sizes: layers.Sizes{Classes: 3, Known: true}}
	if s.Inputs == nil {
		s.Inputs = []layers.Input{{Name: "x", Block: "input.x", BlockShape: graph.Shape{6}, Shape: graph.Shape{6}}}
	}
	b := graph.NewBuilder()
	outs, _ := layers.Build(b, s, rows, false, &p)
	if err := p.Err(doc); err != nil {
		return nil, err
	}
	b.SetOutput("y", outs[0].Value)
	n := &LayerNet{In: map[string]graph.Buffer{}}
	if n.Graph, err = b.Finish(); err != nil {
		return nil, err
	}
	n.run(s, rand.New(rand.NewPCG(7, uint64(rows))))
	return n, nil
}

// run draws what the net reads, lengths of at least one step, and variables that do not depend on the number of rows.
func (n *LayerNet) run(s layers.Spec, random *rand.Rand) {
	vars, feeds := map[string]graph.Buffer{}, map[string]graph.Ref{}
	weights := rand.New(rand.NewPCG(8, 9))
	n.Data = func(v *graph.Var) graph.Buffer { return vars[v.Name] }
	for _, v := range n.Graph.Vars {
		x := make([]float32, v.Value.Shape.Size())
		for i := range x {
			x[i] = float32(0.5 * weights.NormFloat64())
			if strings.HasSuffix(v.Name, "variance") {
				x[i] = 0.3 + weights.Float32()
			}
		}
		vars[v.Name] = graph.Buffer{F: x}
		feeds[v.Name] = wide(x)
	}
	for _, node := range n.Graph.Nodes {
		if node.Leaf != graph.Input {
			continue
		}
		size := node.Outputs[0].Shape.Size()
		if node.Outputs[0].DType == graph.F32 {
			x := make([]float32, size)
			draw(graph.Buffer{F: x}, graph.Arg{}, random)
			n.In[node.Name], feeds[node.Name] = graph.Buffer{F: x}, wide(x)
			continue
		}
		least, most := 0, 3
		for _, in := range s.Inputs {
			if in.Lengths == node.Name {
				least, most = 1, in.BlockShape[0]
			} else if in.Block == node.Name && in.Categories > 0 {
				most = in.Categories - 1
			}
		}
		x := make([]int32, size)
		for i := range x {
			x[i] = int32(least + random.IntN(most-least+1))
		}
		n.In[node.Name], feeds[node.Name] = graph.Buffer{I: x}, graph.Ref{I: x}
	}
	out := exec.Evaluate(n.Graph, feeds)[n.Graph.Output("y")]
	for _, v := range out.F {
		n.Out.F = append(n.Out.F, float32(v))
	}
	n.Out.I = out.I
}

// wide are numbers in float64.
func wide(x []float32) graph.Ref {
	r := graph.Ref{F: make([]float64, len(x))}
	for i, v := range x {
		r.F[i] = float64(v)
	}
	return r
}
