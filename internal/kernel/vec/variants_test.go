package vec

import (
	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

var unaries = map[string]func(dst, x []float32){
	"Exp": Exp, "Log": Log, "Sqrt": Sqrt, "Rsqrt": Rsqrt, "Square": Square, "Abs": Abs,
	"Sign": Sign, "Neg": Neg,
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
func elementwiseCases() []kerneltest.Case {
	var cs []kerneltest.Case
	for name, f := range unaries {
		cs = append(cs, kerneltest.Case{Name: name, Run: func(n int) []float32 {
			x, dst := kerneltest.Mixed(n, 1), guard.Floats(n)
			f(dst, x)
			f(x, x)
			return append(dst, x...)
		}})
	}
	for name, f := range binaries {
		cs = append(cs, kerneltest.Case{Name: name, Run: func(n int) []float32 {
			a, b, dst := kerneltest.Mixed(n, 1), kerneltest.Mixed(n, 2), guard.Floats(n)
			f(dst, a, b)
			a2 := guard.Copy(a)
			f(a2, a2, b)
			f(b, a, b)
			return append(append(dst, a2...), b...)
		}})
	}
	for act := ActNone; act < numActs; act++ {
		cs = append(cs, kerneltest.Case{Name: act.String(), Run: func(n int) []float32 {
			x, y, dy := kerneltest.Mixed(n, 1), guard.Floats(n), kerneltest.Mixed(n, 2)
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

// broadcastCases work on five rows of n columns, with a gap between them and without.
func broadcastCases() []kerneltest.Case {
	const rows = 5
	var cs []kerneltest.Case
	for kind, data := range kerneltest.Kinds {
		cs = append(cs, kerneltest.Case{Name: "broadcast" + kind, Run: func(n int) []float32 {
			x, row := data(rows*(n+3), 1), data(n, 2)
			var out kerneltest.Pieces
			next := out.Next
			for _, stride := range []int{n, n + 3} {
				AddRows(next(rows*stride), x, row, rows, stride)
				AddReluRows(next(rows*stride), x, row, rows, stride)
			}
			return out.All()
		}})
	}
	return cs
}
