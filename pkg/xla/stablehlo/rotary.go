package stablehlo

import (
	"cmp"
	"math"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("rotary", "y = x·cos ± its other half·sin", func(e *emitter, n *graph.Node, in []val) []val {
		a, x := n.Attrs.(op.RotaryAttrs), in[0]
		d := x.shape[2] / a.Heads
		cos, sin := angles(e, a, x.shape, d/2, in[1:])
		halves := x.reshape(x.shape[0], x.shape[1], a.Heads, d)
		low, high := part(halves, 3, 0, d/2), part(halves, 3, d/2, d)
		if a.Back {
			sin = sin.unary("negate")
		}
		y := concat(3, low.mul(cos).sub(high.mul(sin)), high.mul(cos).add(low.mul(sin)))
		return []val{y.reshape(x.shape...)}
	})
}

// angles are the cosines and sines [rows or 1, steps, 1, half]: constants, or with an offset computed in float64, since float32 has too
// few digits for the angles of far positions.
func angles(e *emitter, a op.RotaryAttrs, x graph.Shape, half int, offset []val) (cos, sin val) {
	turns := make([]float64, half)
	for j := range turns {
		turns[j] = math.Pow(cmp.Or(a.Base, 10000), -2*float64(j)/float64(2*half))
	}
	if len(offset) == 0 {
		var c, s []float32
		for p := range x[1] {
			for _, t := range turns {
				sine, cosine := math.Sincos(float64(p) * t)
				c, s = append(c, float32(cosine)), append(s, float32(sine))
			}
		}
		return e.floats(c, 1, x[1], 1, half), e.floats(s, 1, x[1], 1, half)
	}
	at := e.iota("i32", graph.Shape{x[0], x[1], 1, 1}, 1).add(offset[0].reshape(x[0], 1, 1, 1))
	angle := at.as("f64").mul(e.doubles(turns, 1, 1, 1, half))
	return angle.unary("cosine").as("f32"), angle.unary("sine").as("f32")
}
