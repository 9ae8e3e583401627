package calls_test

import (
	"testing"

	"dnn/pkg/export/calls"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// An op without calls of its own becomes those that it stands for; one that stands for none is told with its layer.
func TestDecomposed(t *testing.T) {
	b := graph.NewBuilder()
	b.Scope = "first"
	x := b.Input("x", graph.Floats(1, 6, 6, 3))
	w := b.Var("w", graph.State, graph.Shape{4, 3, 3, 3}, nil).Value
	window := op.Window{Rank: 2, Kernel: [3]int{3, 3}, Stride: [3]int{1, 1}, Dilation: [3]int{1, 1}}
	b.SetOutput("y", op.ConvAct(b, x, w, nil, nil, op.ConvActAttrs{Window: window, Groups: 1, Act: op.ActRelu}))
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	data := func(*graph.Var) graph.Buffer { return graph.Buffer{F: make([]float32, 4*27)} }
	if _, err := calls.New(g, data); err == nil || err.Error() != "layer first: op conv_act is not supported" {
		t.Errorf("%v", err)
	}
	if g, err = calls.Decomposed(g, calls.Known); err != nil {
		t.Fatal(err)
	}
	net, err := calls.New(g, data)
	if err != nil || len(net.Calls) != 2 || net.Calls[0].Kernel != "conv" || net.Calls[1].Args[2] != 4*4*4 {
		t.Errorf("%v, %v", net, err)
	}
}

// Values share memory when they are no longer needed, and a call that reads each element before it writes takes its place.
func TestMemory(t *testing.T) {
	b := graph.NewBuilder()
	x := b.Input("x", graph.Floats(4, 8))
	y := op.Softmax(b, op.Square(b, op.Transpose(b, op.Softmax(b, x), 1, 0)))
	b.SetOutput("y", op.Add(b, y, y))
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	net, err := calls.New(g, nil)
	if err != nil || net.Floats != 2*32 { // the two sides of the transpose
		t.Errorf("%d numbers, %v", net.Floats, err)
	}
}
