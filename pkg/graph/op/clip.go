package op

import (
	"fmt"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// ClipAttrs are the limits; either may be infinite.
type ClipAttrs struct{ Lo, Hi float64 }

var clipOp graph.Op

// Clip is y = x limited to [lo, hi], lo ≤ hi; NaN stays NaN.
//
//	dx = dy where lo ≤ x ≤ hi, else 0
func Clip(b *graph.Builder, x *graph.Value, lo, hi float64) *graph.Value {
	return b.One(&clipOp, ClipAttrs{lo, hi}, x)
}

func init() {
	clipOp = unary[ClipAttrs]{
		doc: "y = x limited to [lo, hi]",
		check: func(a ClipAttrs) error {
			if !(a.Lo <= a.Hi) {
				return fmt.Errorf("the limits %g and %g are not in order", a.Lo, a.Hi)
			}
			return nil
		},
		kernel: func(a ClipAttrs, dst, x []float32) { vec.Clip(dst, x, float32(a.Lo), float32(a.Hi)) },
		eval:   func(a ClipAttrs, x float64) float64 { return min(max(x, a.Lo), a.Hi) },
		grad: func(b *graph.Builder, a ClipAttrs, x, y, dy *graph.Value) *graph.Value {
			within := Mul(b, GreaterEqual(b, x, b.Scalar(a.Lo)), GreaterEqual(b, b.Scalar(a.Hi), x))
			return Mul(b, dy, within)
		},
		flops: 2,
		cases: unaryCases(ClipAttrs{-1, 0.5}, func(shape ...int) graph.Arg {
			return graph.OffKink(0.05, []float64{-1, 0.5}, shape...)
		}),
	}.op("clip")
	graph.Ops.Register(clipOp.Name, clipOp.Doc, &clipOp)
}
