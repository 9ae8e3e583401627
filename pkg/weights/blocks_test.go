package weights_test

import (
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/weights"
)

// Products and look-ups read the blocks, transposed products and kernels read them widened.
func TestBlocksCompute(t *testing.T) {
	matrix := graph.Param{Name: "w", Shape: graph.Shape{6, 40}}
	for _, form := range []weights.Form{&weights.Int4{}, &weights.Int8Blocks{}} {
		for want, read := range map[string]func(b *graph.Builder, w *graph.Value) *graph.Value{
			"dense_blocks": func(b *graph.Builder, w *graph.Value) *graph.Value {
				return op.MatMul(b, b.Input("x", graph.Floats(3, 40)), w, false, true)
			},
			"gather_blocks": func(b *graph.Builder, w *graph.Value) *graph.Value {
				return op.Gather(b, w, b.Input("ids", graph.Ints(5)))
			},
			"matmul": func(b *graph.Builder, w *graph.Value) *graph.Value {
				return op.MatMul(b, b.Input("x", graph.Floats(3, 6)), w, false, false)
			},
		} {
			b := graph.NewBuilder()
			b.SetOutput("y", read(b, b.Param(matrix, true)))
			g, err := b.Finish()
			if err != nil {
				t.Fatal(err)
			}
			f := &weights.Forms{Of: map[string]weights.Form{"w": form}}
			if err := f.Settle(g); err != nil {
				t.Fatal(err)
			}
			made, err := f.Rewrite(g)
			if err != nil {
				t.Fatal(err)
			}
			if n := made.Output("y").Node; n.Op.Name != want {
				t.Errorf("%T: %s, want %s", form, n.Op.Name, want)
			}
		}
	}
}
