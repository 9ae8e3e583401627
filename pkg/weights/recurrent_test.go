package weights_test

import (
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/weights"
)

// What meets the hidden state is multiplied in integers, unless products are to be wide.
func TestRecurrentInt8(t *testing.T) {
	for name, gates := range map[string]int{"rnn": 1, "lstm": 4, "gru": 3} {
		b := graph.NewBuilder()
		in := op.Recurrent{X: b.Input("x", graph.Floats(2, 3, 4*gates)), Lengths: b.Input("lengths", graph.Ints(2))}
		in.W = b.Param(graph.Param{Name: "w", Shape: graph.Shape{4 * gates, 4}}, true)
		var y *graph.Value
		switch name {
		case "rnn":
			y, _ = op.RNN(b, in, op.ActTanh)
		case "lstm":
			y, _, _ = op.LSTM(b, in)
		default:
			y, _ = op.GRU(b, in, true)
		}
		b.SetOutput("y", y)
		g, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		for wide, want := range map[bool]string{false: name + "_int8", true: name} {
			f := &weights.Forms{Of: map[string]weights.Form{"w": &weights.Int8{Wide: wide}}}
			if err := f.Settle(g); err != nil {
				t.Fatal(err)
			}
			made, err := f.Rewrite(g)
			if err != nil {
				t.Fatal(err)
			}
			if n := made.Output("y").Node; n.Op.Name != want || n.Attrs != y.Node.Attrs {
				t.Errorf("%s, wide %t: %s %v, want %s", name, wide, n.Op.Name, n.Attrs, want)
			}
		}
	}
}
