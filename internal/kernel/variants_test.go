package kernel

import (
	"fmt"
	"testing"

	"dnn/internal/kernel/guard"
)

// A bitsCase runs a function on fresh data of n elements and returns all that it
// wrote. Every variant must return what generic returns.
type bitsCase struct {
	name string
	run  func(n int) []float32
}

var unaries = map[string]func(dst, x []float32){
	"Exp": Exp, "Log": Log, "Log1p": Log1p, "Sqrt": Sqrt, "Rsqrt": Rsqrt, "Square": Square, "Abs": Abs,
	"Sign": Sign, "Neg": Neg, "Recip": Recip, "Erf": Erf, "Sin": Sin, "Cos": Cos,
	"AddScalar": func(dst, x []float32) { AddScalar(dst, x, 1.5) },
	"Scale":     func(dst, x []float32) { Scale(dst, x, 1.1) },
	"Clip":      func(dst, x []float32) { Clip(dst, x, -1, 2) },
}

var binaries = map[string]func(dst, a, b []float32){
	"Add": Add, "Sub": Sub, "Mul": Mul, "Div": Div, "Max": Max, "Min": Min, "Greater": Greater,
	"GreaterEqual": GreaterEqual,
	"Axpy":         func(dst, a, b []float32) { Axpy(dst, 0.7, a, b) },
	"Lerp":         func(dst, a, b []float32) { Lerp(dst, a, b, 0.3) },
}

// elementwiseCases run every function of one and of two slices, into a new slice
// and in place.
func elementwiseCases() []bitsCase {
	var cs []bitsCase
	for name, f := range unaries {
		cs = append(cs, bitsCase{name, func(n int) []float32 {
			x, dst := mixed(n, 1), guard.Floats(n)
			f(dst, x)
			f(x, x)
			return append(dst, x...)
		}})
	}
	for name, f := range binaries {
		cs = append(cs, bitsCase{name, func(n int) []float32 {
			a, b, dst := mixed(n, 1), mixed(n, 2), guard.Floats(n)
			f(dst, a, b)
			a2 := clone(a)
			f(a2, a2, b)
			f(b, a, b)
			return append(append(dst, a2...), b...)
		}})
	}
	for act := ActNone; act < numActs; act++ {
		cs = append(cs, bitsCase{act.String(), func(n int) []float32 {
			x, y, dy := mixed(n, 1), guard.Floats(n), mixed(n, 2)
			Activate(y, x, act, 0.3)
			dx := guard.Floats(n)
			ActivateGrad(dx, dy, x, y, act, 0.3)
			ActivateGrad(dy, dy, x, y, act, 0.3)
			Activate(x, x, act, 0.3)
			out := append(append(dx, dy...), y...)
			return append(out, x...)
		}})
	}
	return cs
}

// TestVariants compares all variants with generic, bit by bit.
func TestVariants(t *testing.T) {
	cases := allCases()
	want := map[string][]float32{}
	forVariants(t, func(t *testing.T) {
		for _, c := range cases {
			for _, n := range sizes {
				key := fmt.Sprintf("%s of %d", c.name, n)
				got := c.run(n)
				if Variant() == "generic" {
					want[key] = got
				} else {
					wantSame(t, key, got, want[key])
				}
			}
		}
	})
}
