package op_test

import (
	"fmt"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// TestRotaryByStep: steps that come one by one, at their offsets, have the bits of all at once.
func TestRotaryByStep(t *testing.T) {
	const steps, heads, width = 200, 3, 3 * 14
	_, x := draw(graph.Normal(1, steps, width), random("rotary"))
	run := func(x []float32, offset []int32) []graph.Buffer {
		b := graph.NewBuilder()
		in, at := b.Input("x", graph.Floats(1, len(x)/width, width)), (*graph.Value)(nil)
		if offset != nil {
			at = b.Input("offset", graph.Ints(1))
		}
		y := op.Rotary(b, in, at, heads, 0)
		return runGraph(finish(t, b), map[string]graph.Buffer{"x": {F: x}, "offset": {I: offset}}, y)
	}
	whole := run(x.F, nil)[0].F
	for i := 0; i < steps; i += 1 + i%3 {
		want := whole[i*width : (i+1)*width]
		sameBits(t, fmt.Sprint("step ", i), run(x.F[i*width:(i+1)*width], []int32{int32(i)}), []graph.Buffer{{F: want}})
	}
}
