package onnx

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/export/calls"
	"dnn/pkg/export/exporttest"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers"
	file "dnn/pkg/onnx"
)

// TestOps writes the cases of all ops and reads them again. What they compute is compared in onnxruntime by bench/onnx/check.py.
func TestOps(t *testing.T) {
	seen := map[string]int{}
	err := exporttest.EachNode(Registry.Keys(), func(n *exporttest.Node) error {
		m, err := Net(n.Graph, n.Data)
		if err != nil {
			return err
		}
		seen[n.Op.Name]++
		if m, err = file.Decode(file.Encode(m)); err != nil {
			t.Errorf("%s: %v", n.Name, err)
			return nil
		}
		for i, o := range n.Graph.Outputs {
			v := m.Graph.Outputs[i]
			if v.Name != o.Name || !slices.EqualFunc(v.Shape, o.Value.Shape, func(d file.Dim, size int) bool { return d.Size == size }) {
				t.Errorf("%s: output %+v, expected %s %v", n.Name, v, o.Name, o.Value.Shape)
			}
		}
		if len(m.Graph.Nodes) < 2 && n.Name != "activate, none" { // one is that of the output's name
			t.Errorf("%s: no nodes", n.Name)
		}
		for _, node := range m.Graph.Nodes {
			if node.Domain != "" {
				t.Errorf("%s: %s is of the domain %s", n.Name, node.Op, node.Domain)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range Registry.Keys() {
		if seen[key] == 0 {
			t.Errorf("no case of %s was written", key)
		}
	}
}

// TestLayers writes the cases of all layers for any number of rows.
func TestLayers(t *testing.T) {
	seen := map[string]bool{}
	err := exporttest.EachLayer(func(four, five *exporttest.LayerNet) error {
		rows := Variant{Symbol: Symbol{Name: "batch", Size: 4, Other: 5}, Graph: five.Graph}
		for _, n := range four.Graph.Nodes {
			if n.Leaf == graph.Input && rows.Input == "" {
				rows.Input = n.Name
			}
		}
		m, err := Net(four.Graph, four.Data, rows)
		if err == nil {
			m, err = file.Decode(file.Encode(m))
		}
		if err != nil {
			return err
		}
		for _, v := range append(m.Graph.Inputs, m.Graph.Outputs...) {
			if v.Shape[0] != file.Symbolic("batch") {
				t.Errorf("%s: %s has the rows %v", four.Name, v.Name, v.Shape[0])
			}
		}
		seen[strings.Split(four.Name, ",")[0]] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range layers.Registry.Keys() {
		if !seen[key] {
			t.Errorf("no case of %s was written", key)
		}
	}
}

// Blocks of weights go into ONNX's order of gates.
func TestGates(t *testing.T) {
	for _, test := range []struct {
		op    string
		gates int
		order []float32 // our blocks, by their numbers
	}{{"lstm", 4, []float32{0, 3, 1, 2}}, {"gru", 3, []float32{1, 0, 2}}} {
		b := graph.NewBuilder()
		x := b.Input("x", graph.Floats(2, 5, test.gates*2))
		w := b.VarOf("w", graph.State, graph.Floats(test.gates*2, 2), nil)
		var y *graph.Value
		if test.op == "lstm" {
			y, _, _ = op.LSTM(b, op.Recurrent{X: x, W: w.Value})
		} else {
			y, _ = op.GRU(b, op.Recurrent{X: x, W: w.Value}, false)
		}
		b.SetOutput("y", y)
		g, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		m, err := Net(g, func(v *graph.Var) graph.Buffer {
			data := make([]float32, v.Value.Shape.Size())
			for i := range data {
				data[i] = float32(i / 4) // the block, of two rows
			}
			return graph.Buffer{F: data}
		})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(m.Graph.Nodes, func(n *file.Node) bool { return n.Op == strings.ToUpper(test.op) })
		r := tensor(t, m, m.Graph.Nodes[i].Inputs[2])
		data, err := r.Floats()
		if err != nil || !slices.Equal(r.Shape, []int{1, test.gates * 2, 2}) {
			t.Fatal(r, err)
		}
		for k, v := range data {
			if v != test.order[k/4] {
				t.Errorf("%s: weight %d is of block %g, expected %g", test.op, k, v, test.order[k/4])
			}
		}
		if before := m.Graph.Nodes[i].Attribute("linear_before_reset"); test.op == "gru" && before != int64(1) {
			t.Errorf("linear_before_reset is %v", before)
		}
	}
}

func tensor(t *testing.T, m *file.Model, name string) *file.Tensor {
	t.Helper()
	for _, one := range m.Graph.Initializers {
		if one.Name == name {
			return one
		}
	}
	t.Fatalf("there is no tensor %s", name)
	return nil
}

// An op that ONNX has nothing for is refused with its layer.
func TestRefused(t *testing.T) {
	b := graph.NewBuilder()
	b.Scope = "drop_1"
	x, step := b.Input("x", graph.Floats(2, 3)), b.Input("step", graph.Ints())
	b.SetOutput("y", op.Dropout(b, x, step, 0.5, 1, 2))
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	_, err = Net(g, nil)
	var no *calls.Unsupported
	if !errors.As(err, &no) || no.Layer != "drop_1" || no.Op != "dropout" {
		t.Error(err)
	}
}
