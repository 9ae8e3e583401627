package exec_test

import (
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
)

// TestOnce: what a kernel packs of weights is packed in the first run alone, unless a node changes variables.
func TestOnce(t *testing.T) {
	for _, updates := range []bool{false, true} {
		b := graph.NewBuilder()
		x := b.Input("x", graph.Floats(1, 1))
		w := b.VarOf("w", graph.Weights, graph.Type{DType: graph.I8, Shape: graph.Shape{1, 1}}, nil)
		scales := b.Var("scales", graph.Weights, graph.Shape{1}, nil)
		b.SetOutput("y", op.DenseInt8(b, x, w.Value, scales.Value, nil, op.DenseInt8Attrs{Scale: 1}))
		if updates {
			b.Assign(scales, op.Scale(b, scales.Value, 1))
		}
		g, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		state, pool := exec.NewState(), exec.NewPool(2)
		defer pool.Close()
		p, err := exec.Compile(g, state, pool, exec.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p.Feed("x").F[0], state.Data("scales")[0] = 1, 1
		for i, want := range map[bool][]float32{false: {3, 3}, true: {3, 5}}[updates] {
			state.Buffer("w").S[0] = int8(3 + 2*i)
			if p.Run(); p.Output("y").F[0] != want {
				t.Errorf("with updates %v run %d gives %v, want %v", updates, i, p.Output("y").F[0], want)
			}
		}
	}
}
