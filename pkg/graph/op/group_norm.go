package op

import (
	"fmt"
	"math"

	"dnn/internal/kernel/norm"
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// GroupNormAttrs are the settings of a norm over groups of channels.
type GroupNormAttrs struct {
	NormAttrs
	Groups int
}

var groupNormOp graph.Op

// GroupNorm normalizes each row's channels in groups, over all positions of the row (Wu & He 2018):
//
//	y = (x - mean)·rstd·gamma + beta,  rstd = 1/√(variance + eps)
//
// for x and y [rows, .., n], gamma and beta [n] or nil, mean and rstd [rows, groups], taken over the axes between and the
// n/groups neighbouring channels of a group. The variance is the biased one; eps ≥ 0. Its gradient is group_norm_grad.
func GroupNorm(b *graph.Builder, x, gamma, beta *graph.Value, groups int, eps float64) (y, mean, rstd *graph.Value) {
	a, in := normInputs(eps, gamma, beta, x)
	out := b.Add(&groupNormOp, GroupNormAttrs{a, groups}, in...)
	return out[0], out[1], out[2]
}

func init() {
	groupNormOp = graph.Op{
		Name: "group_norm",
		Doc:  "y = (x - mean)·rstd·gamma + beta by row and group of channels; also mean and rstd",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			a := attrs.(GroupNormAttrs)
			if err := expectNorm(a.NormAttrs, in, 1); err != nil {
				return nil, err
			}
			if err := a.check(in[0].Shape); err != nil {
				return nil, err
			}
			stats := graph.Floats(in[0].Shape[0], a.Groups)
			return []graph.Type{in[0], stats, stats}, nil
		},
		Grad:    gradGroupNorm,
		Eval:    evalGroupNorm,
		Kernel:  groupNormKernel,
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost:    cost(8),
		Cases: []graph.Case{
			groupNormCase("both", GroupNormAttrs{NormAttrs{1e-5, true, true}, 2}, 3, 4, 6),
			groupNormCase("plain", GroupNormAttrs{NormAttrs{1e-3, false, false}, 3}, 2, 3, 2, 6),
			groupNormCase("gamma, one group", GroupNormAttrs{NormAttrs{1e-3, true, false}, 1}, 4, 5),
			groupNormCase("beta, each channel", GroupNormAttrs{NormAttrs{1e-3, false, true}, 5}, 2, 7, 5),
			groupNormCase("image", GroupNormAttrs{NormAttrs{1e-5, true, true}, 2}, 2, 40, 33, 4),
			groupNormCase("wide", GroupNormAttrs{NormAttrs{1e-5, true, true}, 4}, 3, 5, 160),
		},
	}
	graph.Ops.Register(groupNormOp.Name, groupNormOp.Doc, &groupNormOp)
}

func groupNormCase(name string, a GroupNormAttrs, x ...int) graph.Case {
	in := []graph.Arg{graph.Normal(x...)}
	for _, present := range []bool{a.Gamma, a.Beta} {
		if present {
			in = append(in, graph.Normal(x[len(x)-1]))
		}
	}
	return graph.Case{Name: name, Attrs: a, In: in}
}

func (a GroupNormAttrs) check(x graph.Shape) error {
	switch {
	case x.Rank() < 2:
		return fmt.Errorf("%v has no channels beside its rows", x)
	case a.Groups < 1 || x.Last()%a.Groups != 0:
		return fmt.Errorf("%d channels cannot be cut into %d groups of one size", x.Last(), a.Groups)
	}
	return nil
}

// split takes x apart: rows of so many positions, and channels.
func (a GroupNormAttrs) split(x graph.Shape) (rows, positions, channels int) {
	return x[0], x[1 : len(x)-1].Size(), x.Last()
}

func gradGroupNorm(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
	a, x, mean, rstd := n.Attrs.(GroupNormAttrs), n.Inputs[0], n.Outputs[1], n.Outputs[2]
	grads := make([]*graph.Value, len(n.Inputs))
	if dout[0] != nil {
		in := []*graph.Value{dout[0], x, mean, rstd}
		if a.Gamma {
			in = append(in, n.Inputs[1])
		}
		copy(grads, b.Add(&groupNormGradOp, a, in...)) // dx, then dgamma and dbeta in the order of the inputs
	}
	rows, positions, channels := a.split(x.Shape)
	size := channels / a.Groups
	count := float64(positions * size)
	apart := func(v *graph.Value) *graph.Value { return Reshape(b, v, rows, positions, a.Groups, size) }
	stat := func(v *graph.Value) *graph.Value { return Reshape(b, v, rows, 1, a.Groups, 1) }
	add := func(d *graph.Value) { grads[0] = addGradient(b, grads[0], Reshape(b, d, x.Shape...)) }
	if dout[1] != nil {
		add(BroadcastTo(b, stat(Scale(b, dout[1], 1/count)), rows, positions, a.Groups, size))
	}
	if dout[2] != nil { // d rstd/dx = -rstd³·(x - mean)/n
		r := Mul(b, Scale(b, dout[2], -1/count), Mul(b, rstd, Square(b, rstd)))
		add(Mul(b, Sub(b, apart(x), stat(mean)), stat(r)))
	}
	return grads
}

func evalGroupNorm(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(GroupNormAttrs)
	gamma, beta := affine(a.NormAttrs, in, 1)
	eachGroup(a, n.Inputs[0].Shape, func(g int, at []int, channel []int) {
		mean, variance := 0.0, 0.0
		for _, i := range at {
			mean += in[0].F[i] / float64(len(at))
		}
		for _, i := range at {
			d := in[0].F[i] - mean
			variance += d * d / float64(len(at))
		}
		rstd := 1 / math.Sqrt(variance+a.Eps)
		for k, i := range at {
			out[0].F[i] = (in[0].F[i]-mean)*rstd*orElse64(gamma.F, channel[k], 1) + orElse64(beta.F, channel[k], 0)
		}
		out[1].F[g], out[2].F[g] = mean, rstd
	})
}

// eachGroup tells, for each group of each row, which elements of x belong to it, and their channels.
func eachGroup(a GroupNormAttrs, x graph.Shape, f func(g int, at, channel []int)) {
	rows, positions, channels := a.split(x)
	size := channels / a.Groups
	for g := range rows * a.Groups {
		var at, channel []int
		for p := range positions {
			for j := range size {
				c := g%a.Groups*size + j
				at, channel = append(at, (g/a.Groups*positions+p)*channels+c), append(channel, c)
			}
		}
		f(g, at, channel)
	}
}

func groupNormKernel(n *graph.Node) graph.Kernel {
	a := n.Attrs.(GroupNormAttrs)
	rows, positions, channels := a.split(n.Inputs[0].Shape)
	g := groupBlocks{a, rows, positions, channels, ceil(positions, rowBlock)}
	size := rows * channels
	k := graph.Kernel{Scratch: 2*g.blocks*size + 2*size + channels}
	moments := func(c *graph.Call) (means, variances []float32) {
		return part(c.Scratch, 0, g.blocks*size), part(c.Scratch, 1, g.blocks*size)
	}
	vectors := func(c *graph.Call) (mean, scale, shift []float32) {
		v := c.Scratch[2*g.blocks*size:]
		return part(v, 0, size), part(v, 1, size), v[2*size:]
	}
	k.Phases = []graph.Phase{
		g.columns(func(c *graph.Call, u, first, count, lo, hi int) {
			means, variances := moments(c)
			norm.ColumnMoments(part(means, u, channels), part(variances, u, channels), c.In[0].F[first*channels:], count, channels, lo, hi)
		}),
		cut(rows, max(1, chunk/(g.blocks*channels)), func(c *graph.Call, lo, hi int) {
			means, variances := moments(c)
			mean, scale, _ := vectors(c)
			gamma, _ := affine(a.NormAttrs, c.In, 1)
			for i := lo; i < hi; i++ {
				m, r := part(c.Out[1].F, i, a.Groups), part(c.Out[2].F, i, a.Groups)
				for j := range m {
					m[j], r[j] = g.join(means, variances, i, j)
				}
				fillRstd(r, r, a.Eps, 0, a.Groups)
				g.spread(part(mean, i, channels), m)
				s := part(scale, i, channels)
				if g.spread(s, r); gamma.F != nil {
					vec.Mul(s, s, gamma.F)
				}
			}
		}),
		graph.Phase{Units: 1, Run: func(c *graph.Call, _, _ int) {
			_, _, shift := vectors(c)
			_, beta := affine(a.NormAttrs, c.In, 1)
			if clear(shift); beta.F != nil {
				copy(shift, beta.F)
			}
		}},
		g.positionsOf(func(c *graph.Call, i, lo, hi int) {
			mean, scale, shift := vectors(c)
			at := i * positions * channels
			norm.NormalizeColumns(c.Out[0].F[at:], c.In[0].F[at:], part(mean, i, channels), part(scale, i, channels), shift, channels, lo, hi, false)
		}),
	}
	return k
}
