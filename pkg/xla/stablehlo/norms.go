package stablehlo

import (
	"math"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// lowest is what the largest of numbers begins with.
var lowest = math.Inf(-1)

// affine finds gamma and beta behind the fixed inputs, nil where they are absent.
func affine(a op.NormAttrs, in []val, fixed int) (gamma, beta *val) {
	rest := in[fixed:]
	if a.Gamma {
		gamma, rest = &rest[0], rest[1:]
	}
	if a.Beta {
		beta = &rest[0]
	}
	return gamma, beta
}

// shifted is x·gamma + beta, as far as there are any.
func shifted(x val, gamma, beta *val) val {
	if gamma != nil {
		x = x.mul(*gamma)
	}
	if beta != nil {
		x = x.add(*beta)
	}
	return x
}

// scaled is x·gamma, or x.
func scaled(x val, gamma *val) val { return shifted(x, gamma, nil) }

// mean is that over axes, which stay, of size 1.
func mean(x val, axes ...int) val {
	n := 1
	for _, ax := range axes {
		n *= x.shape[ax]
	}
	return sumKept(x, axes...).times(1 / float64(n))
}

// moments are the mean and the biased variance over axes, which stay, of size 1.
func moments(x val, axes ...int) (m, variance val) {
	m = mean(x, axes...)
	d := x.sub(m)
	return m, mean(d.mul(d), axes...)
}

// normGrad is dx = rstd·(g - mean g - h·mean(g·h)), given h = (x - mean)·rstd and g = dy·gamma.
func normGrad(g, h, rstd val, axes ...int) val {
	return rstd.mul(g.sub(mean(g, axes...)).sub(h.mul(mean(g.mul(h), axes...))))
}

// params appends dgamma and dbeta as far as the norm has them: sums over all axes but the last.
func params(out []val, a op.NormAttrs, dy, h val) []val {
	if a.Gamma {
		out = append(out, sum(dy.mul(h), dy.leading()...))
	}
	if a.Beta {
		out = append(out, sum(dy, dy.leading()...))
	}
	return out
}

// grouped is x [rows, .., n] as [rows, positions, groups, n/groups].
func grouped(x val, groups int) val {
	s := x.shape
	return x.reshape(s[0], s[1:len(s)-1].Size(), groups, s.Last()/groups)
}

// inGroups is a vector [n] as [groups, n/groups], nil for nil.
func inGroups(v *val, groups int) *val {
	if v == nil {
		return nil
	}
	g := v.reshape(groups, v.shape[0]/groups)
	return &g
}

func normOf(n *graph.Node) op.NormAttrs { return n.Attrs.(op.NormAttrs) }
