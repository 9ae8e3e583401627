package vec

import (
	"math"
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/scalar"
)

// exactActs are the activation functions and their derivatives in float64.
var exactActs = [numActs]struct {
	f, grad func(x, alpha float64) float64
}{
	ActNone: {func(x, _ float64) float64 { return x }, func(_, _ float64) float64 { return 1 }},
	ActRelu: {func(x, _ float64) float64 { return max(0, x) }, func(x, _ float64) float64 { return step(x > 0) }},
	ActLeakyRelu: {func(x, a float64) float64 { return max(x, a*x) },
		func(x, a float64) float64 { return pick(x > 0, 1, a) }},
	ActElu: {func(x, a float64) float64 { return pick(x > 0, x, a*math.Expm1(x)) },
		func(x, a float64) float64 { return pick(x > 0, 1, a*math.Exp(x)) }},
	ActSelu: {func(x, _ float64) float64 { return seluScale * pick(x > 0, x, seluAlpha*math.Expm1(x)) },
		func(x, _ float64) float64 { return seluScale * pick(x > 0, 1, seluAlpha*math.Exp(x)) }},
	ActSigmoid: {func(x, _ float64) float64 { return logistic(x) },
		func(x, _ float64) float64 { return logistic(x) * logistic(-x) }},
	ActTanh: {func(x, _ float64) float64 { return math.Tanh(x) },
		func(x, _ float64) float64 { return 1 - math.Tanh(x)*math.Tanh(x) }},
	ActGelu: {func(x, _ float64) float64 { return x * normalCDF(x) },
		func(x, _ float64) float64 { return normalCDF(x) + x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi) }},
	ActGeluTanh: {func(x, _ float64) float64 { return x / 2 * (1 + math.Tanh(tanhArgument(x))) },
		func(x, _ float64) float64 {
			t := math.Tanh(tanhArgument(x))
			return (1+t)/2 + x/2*(1-t*t)*math.Sqrt(2/math.Pi)*(1+3*0.044715*x*x)
		}},
	ActSilu: {func(x, _ float64) float64 { return x * logistic(x) },
		func(x, _ float64) float64 { return logistic(x) * (1 + x*logistic(-x)) }},
	ActSoftplus: {func(x, _ float64) float64 { return math.Log1p(math.Exp(x)) },
		func(x, _ float64) float64 { return logistic(x) }},
	ActHardSigmoid: {func(x, _ float64) float64 { return hard(x) },
		func(x, _ float64) float64 { return step(x > -3 && x < 3) / 6 }},
	ActHardSwish: {func(x, _ float64) float64 { return x * hard(x) },
		func(x, _ float64) float64 { return pick(x >= 3, 1, step(x > -3)*(x/3+0.5)) }},
	ActHardTanh: {func(x, _ float64) float64 { return min(max(x, -1), 1) },
		func(x, _ float64) float64 { return step(x > -1 && x < 1) }},
}

func pick(c bool, x, y float64) float64 {
	if c {
		return x
	}
	return y
}

func step(c bool) float64            { return pick(c, 1, 0) }
func logistic(x float64) float64     { return 1 / (1 + math.Exp(-x)) }
func normalCDF(x float64) float64    { return 0.5 * math.Erfc(-x/math.Sqrt2) }
func tanhArgument(x float64) float64 { return math.Sqrt(2/math.Pi) * (x + 0.044715*x*x*x) }
func hard(x float64) float64         { return max(0, min(1, x/6+0.5)) }

func TestActivations(t *testing.T) {
	x := []float32{0, -1, 1, -3, 3, -10, 10, -50, 50, -200, 200, 1e-4, -1e-4}
	for i := range 2001 {
		x = append(x, float32(i-1000)/100)
	}
	x = guard.Copy(x)
	dy, y, dx := kerneltest.Normals(len(x), 1), guard.Floats(len(x)), guard.Floats(len(x))
	for act := ActNone; act < numActs; act++ {
		t.Run(act.String(), func(t *testing.T) {
			const alpha = 0.25
			Activate(y, x, act, alpha)
			needX, needY := act.GradNeeds()
			gx, gy := x, y
			if !needX {
				gx = nil
			}
			if !needY {
				gy = nil
			}
			ActivateGrad(dx, dy, gx, gy, act, alpha)
			want, wantGrad := make([]float64, len(x)), make([]float64, len(x))
			for i, v := range x {
				want[i] = exactActs[act].f(float64(v), alpha)
				wantGrad[i] = exactActs[act].grad(float64(v), alpha) * float64(dy[i])
			}
			kerneltest.WantNear(t, "value", y, want, 3e-7)
			kerneltest.WantNear(t, "gradient", dx, wantGrad, 2e-6)
		})
	}
}

// TestActivationLimits looks at what must not become NaN.
func TestActivationLimits(t *testing.T) {
	for act := ActNone; act < numActs; act++ {
		for _, v := range []float32{1e4, 1e19, 1e30, math.MaxFloat32} {
			for _, x := range []float32{v, -v} {
				y, dx := guard.Floats(1), guard.Floats(1)
				Activate(y, guard.Copy([]float32{x}), act, 0.1)
				ActivateGrad(dx, guard.Copy([]float32{1}), guard.Copy([]float32{x}), y, act, 0.1)
				if y[0] != y[0] || dx[0] != dx[0] {
					t.Errorf("%v at %v: %v, gradient %v", act, x, y[0], dx[0])
				}
			}
		}
		y := guard.Floats(1)
		if Activate(y, guard.Copy([]float32{scalar.NaN}), act, 0.1); y[0] == y[0] {
			t.Errorf("%v of NaN is %v", act, y[0])
		}
	}
}
