package op_test

import (
	"math"
	"slices"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
)

func TestRoundInt8(t *testing.T) {
	x := []float32{127, -127, 0.5, 1.5, -0.4, 3}
	op.RoundInt8{}.Row(x, x)
	if want := []float32{127, -127, 0, 2, 0, 3}; !slices.Equal(x, want) { // ties to even
		t.Errorf("%v, want %v", x, want)
	}
	for _, bad := range []float64{math.NaN(), math.Inf(-1)} {
		x := []float32{1, float32(bad)}
		op.RoundInt8{}.Row(x, x)
		if x[0] == x[0] || x[1] == x[1] {
			t.Errorf("a row with %v becomes %v, want NaN", bad, x)
		}
	}
	zeros := make([]float32, 3)
	op.RoundInt8{}.Row(zeros, zeros)
	if !slices.Equal(zeros, make([]float32, 3)) {
		t.Errorf("zeros become %v", zeros)
	}
}

// The gradient goes straight through.
func TestFakeQuantizeGradient(t *testing.T) {
	b := graph.NewBuilder()
	x, dy := b.Input("x", graph.Floats(2, 5)), b.Input("dy", graph.Floats(2, 5))
	y := op.FakeQuantize(b, x, op.RoundInt8{})
	if d := grad.Build(b, y, dy, []*graph.Value{x}); d[0] != dy {
		t.Errorf("the gradient is %v, want that of y", d[0])
	}
}
