package importer

import (
	"math"
	"slices"
)

func init() {
	for op, f := range unaries {
		register(op, func(n *node) []*value { return []*value{signalOf(applied(n, f(n)))} })
		folds[op] = func(n *node, in []*array) []*array {
			out, at := &array{in[0].shape, slices.Clone(in[0].data), in[0].whole}, f(n)
			if op == "IsNaN" || op == "Not" {
				out.whole = true
			}
			for i, x := range out.data {
				out.data[i] = at(x)
			}
			return one(out)
		}
	}
}

// unaries are the operators that apply a function to each element, by that function, with the attributes of a node.
var unaries = map[string]func(n *node) func(x float64) float64{
	"Abs":        plain(math.Abs),
	"Ceil":       plain(math.Ceil),
	"Cos":        plain(math.Cos),
	"Erf":        plain(math.Erf),
	"Exp":        plain(math.Exp),
	"Floor":      plain(math.Floor),
	"IsNaN":      plain(func(x float64) float64 { return truth(math.IsNaN(x)) }),
	"Log":        plain(math.Log),
	"Neg":        plain(func(x float64) float64 { return -x }),
	"Not":        plain(func(x float64) float64 { return truth(x == 0) }),
	"Reciprocal": plain(func(x float64) float64 { return 1 / x }),
	"Relu":       plain(func(x float64) float64 { return max(0, x) }),
	"Sigmoid":    plain(sigmoid),
	"Sign":       plain(func(x float64) float64 { return truth(x > 0) - truth(x < 0) }),
	"Sin":        plain(math.Sin),
	"Softplus":   plain(softplus),
	"Softsign":   plain(func(x float64) float64 { return x / (1 + math.Abs(x)) }),
	"Sqrt":       plain(math.Sqrt),
	"Tanh":       plain(math.Tanh),
	"Mish":       plain(func(x float64) float64 { return x * math.Tanh(softplus(x)) }),
	"HardSwish":  plain(func(x float64) float64 { return x * max(0, min(1, x/6+.5)) }),
	"Clip":       clip,
	"LeakyRelu": func(n *node) func(x float64) float64 {
		alpha := n.float("alpha", .01)
		return func(x float64) float64 { return max(0, x) + alpha*min(0, x) }
	},
	"Elu": func(n *node) func(x float64) float64 {
		alpha := n.float("alpha", 1)
		return func(x float64) float64 { return max(0, x) + alpha*math.Expm1(min(0, x)) }
	},
	"Celu": func(n *node) func(x float64) float64 {
		alpha := n.float("alpha", 1)
		return func(x float64) float64 { return max(0, x) + alpha*math.Expm1(min(0, x)/alpha) }
	},
	"Selu": func(n *node) func(x float64) float64 {
		alpha, gamma := n.float("alpha", 1.67326319217681884765625), n.float("gamma", 1.05070102214813232421875)
		return func(x float64) float64 { return gamma * (max(0, x) + alpha*math.Expm1(min(0, x))) }
	},
	"HardSigmoid": func(n *node) func(x float64) float64 {
		alpha, beta := n.float("alpha", .2), n.float("beta", .5)
		return func(x float64) float64 { return max(0, min(1, alpha*x+beta)) }
	},
	"ThresholdedRelu": func(n *node) func(x float64) float64 {
		alpha := n.float("alpha", 1)
		return func(x float64) float64 { return x * truth(x > alpha) }
	},
	"Gelu": func(n *node) func(x float64) float64 {
		if n.text("approximate", "none") == "tanh" {
			return func(x float64) float64 { return x / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+.044715*x*x*x))) }
		}
		return func(x float64) float64 { return x / 2 * (1 + math.Erf(x/math.Sqrt2)) }
	},
	"Swish": func(n *node) func(x float64) float64 {
		alpha := n.float("alpha", 1)
		return func(x float64) float64 { return x * sigmoid(alpha*x) }
	},
}

// plain is a function that no attribute changes.
func plain(f func(x float64) float64) func(*node) func(x float64) float64 {
	return func(*node) func(x float64) float64 { return f }
}

func sigmoid(x float64) float64  { return 1 / (1 + math.Exp(-x)) }
func softplus(x float64) float64 { return max(0, x) + math.Log1p(math.Exp(-math.Abs(x))) }

// clip limits to a range, which is in attributes in opsets before 11.
func clip(n *node) func(x float64) float64 {
	low, high := n.float("min", math.Inf(-1)), n.float("max", math.Inf(1))
	for i, to := range []*float64{&low, &high} {
		if a := n.array(i + 1); a != nil {
			x, ok := a.scalar()
			if !ok {
				fail("limits of shape %v", a.shape)
			}
			*to = x
		}
	}
	return func(x float64) float64 { return max(low, min(high, x)) }
}
