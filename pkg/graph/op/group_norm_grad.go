package op

import (
	"fmt"

	"dnn/internal/kernel/norm"
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var groupNormGradOp graph.Op

// group_norm_grad reads dy, x, mean, rstd and gamma if there is one. It gives dx, then dgamma and dbeta as far as the
// layer has them: with h = (x - mean)·rstd, g = dy·gamma and n the elements of a group,
//
//	dx = rstd·(g - Σg/n - h·Σ(g·h)/n),  dgamma = Σ dy·h,  dbeta = Σ dy
//
// the first two sums over a group, the others over all rows and positions.
func init() {
	groupNormGradOp = graph.Op{
		Name:      "group_norm_grad",
		Doc:       "dx, dgamma and dbeta of group_norm, from dy, x, mean, rstd and gamma",
		NoGrad:    firstOrder,
		Infer:     inferGroupNormGrad,
		Eval:      evalGroupNormGrad,
		Kernel:    groupNormGradKernel,
		InPlace:   []graph.Alias{{Out: 0, In: 0}, {Out: 0, In: 1}},
		Cost:      cost(14),
		Tolerance: 1.5e-6,
		Cases: []graph.Case{
			groupNormGradCase("both", GroupNormAttrs{NormAttrs{1e-5, true, true}, 2}, 3, 4, 6),
			groupNormGradCase("plain", GroupNormAttrs{NormAttrs{1e-3, false, false}, 3}, 2, 3, 2, 6),
			groupNormGradCase("gamma, one group", GroupNormAttrs{NormAttrs{1e-3, true, false}, 1}, 4, 5),
			groupNormGradCase("beta, each channel", GroupNormAttrs{NormAttrs{1e-3, false, true}, 5}, 2, 7, 5),
			groupNormGradCase("image", GroupNormAttrs{NormAttrs{1e-5, true, true}, 2}, 2, 40, 33, 4),
			groupNormGradCase("wide", GroupNormAttrs{NormAttrs{1e-5, true, true}, 4}, 3, 5, 160),
		},
	}
	graph.Ops.Register(groupNormGradOp.Name, groupNormGradOp.Doc, &groupNormGradOp)
}

func groupNormGradCase(name string, a GroupNormAttrs, x ...int) graph.Case {
	c := normGradCase(name, a.NormAttrs, graph.Shape{x[0], a.Groups}, x...)
	c.Attrs = a
	return c
}

func inferGroupNormGrad(attrs any, in []graph.Type) ([]graph.Type, error) {
	a := attrs.(GroupNormAttrs)
	if err := expectNorm(NormAttrs{Eps: a.Eps, Gamma: a.Gamma}, in, 4); err != nil {
		return nil, err
	}
	x := in[0].Shape
	if err := a.check(x); err != nil {
		return nil, err
	}
	stats := graph.Shape{x[0], a.Groups}
	if !in[1].Shape.Equal(x) || !in[2].Shape.Equal(stats) || !in[3].Shape.Equal(stats) {
		return nil, fmt.Errorf("dy %v, x %v, mean %v and rstd %v do not fit", x, in[1].Shape, in[2].Shape, in[3].Shape)
	}
	out := []graph.Type{in[0]}
	for _, present := range []bool{a.Gamma, a.Beta} {
		if present {
			out = append(out, graph.Floats(x.Last()))
		}
	}
	return out, nil
}

// The sums come first, because dx may take the place of dy or x.
func groupNormGradKernel(n *graph.Node) graph.Kernel {
	a := n.Attrs.(GroupNormAttrs)
	rows, positions, channels := a.split(n.Inputs[0].Shape)
	g := groupBlocks{a, rows, positions, channels, ceil(positions, rowBlock)}
	size := rows * channels
	k := graph.Kernel{Scratch: (6 + 2*g.blocks) * size}
	// By row and channel: the mean, the factors of NormGradX, and what the row adds to dgamma and dbeta.
	vectors := func(c *graph.Call, i int) (mean, scale, p, q, dgamma, dbeta []float32) {
		at := func(v int) []float32 { return part(part(c.Scratch, v, size), i, channels) }
		return at(0), at(1), at(2), at(3), at(4), at(5)
	}
	sums := func(c *graph.Call) (dyx, dys []float32) {
		v := c.Scratch[6*size:]
		return part(v, 0, g.blocks*size), part(v, 1, g.blocks*size)
	}
	k.Phases = []graph.Phase{
		cut(rows, max(1, chunk/channels), func(c *graph.Call, lo, hi int) {
			for i := lo; i < hi; i++ {
				mean, _, _, _, _, _ := vectors(c, i)
				g.spread(mean, part(c.In[2].F, i, a.Groups))
			}
		}),
		g.columns(func(c *graph.Call, u, first, count, lo, hi int) {
			dyx, dys := sums(c)
			mean, _, _, _, _, _ := vectors(c, u/g.blocks)
			norm.NormGradSums(part(dyx, u, channels), part(dys, u, channels), c.In[0].F[first*channels:], c.In[1].F[first*channels:],
				mean, nil, nil, count, channels, lo, hi)
		}),
		cut(rows, max(1, chunk/(g.blocks*channels)), func(c *graph.Call, lo, hi int) {
			dyx, dys := sums(c)
			gamma, _ := affine(NormAttrs{Gamma: a.Gamma}, c.In, 4)
			for i := lo; i < hi; i++ {
				_, scale, p, q, dgamma, dbeta := vectors(c, i)
				rstd := part(c.In[3].F, i, a.Groups)
				vec.SumColumns(dgamma, part(dyx, i, g.blocks*channels), g.blocks, channels, 0, channels)
				vec.SumColumns(dbeta, part(dys, i, g.blocks*channels), g.blocks, channels, 0, channels)
				g.spread(scale, rstd)
				vec.Mul(dgamma, dgamma, scale)
				g.factors(p, q, dgamma, dbeta, rstd, gamma.F)
				if gamma.F != nil {
					vec.Mul(scale, scale, gamma.F)
				}
			}
		}),
		cut(channels, strip, func(c *graph.Call, lo, hi int) {
			dgamma, dbeta := affine(a.NormAttrs, c.Out, 1)
			if dgamma.F != nil {
				vec.SumColumns(dgamma.F, part(c.Scratch, 4, size), rows, channels, lo, hi)
			}
			if dbeta.F != nil {
				vec.SumColumns(dbeta.F, part(c.Scratch, 5, size), rows, channels, lo, hi)
			}
		}),
		g.positionsOf(func(c *graph.Call, i, lo, hi int) {
			mean, scale, p, q, _, _ := vectors(c, i)
			at := i * positions * channels
			norm.NormGradX(c.Out[0].F[at:], c.In[0].F[at:], c.In[1].F[at:], mean, scale, p, q, nil, channels, lo, hi)
		}),
	}
	return k
}

// factors fills p = -rstd²·Σ(g·h)/n and q = -rstd·Σg/n of one row from the sums by channel, Σdy·h and Σdy. The products of
// two float32 are exact in float64, so it makes no difference whether they are fused with the additions.
func (g groupBlocks) factors(p, q, dyh, dys, rstd, gamma []float32) {
	size := g.channels / g.Groups
	n := float64(g.positions * size)
	for j, r := range rstd {
		sumGH, sumG := 0.0, 0.0
		for i := j * size; i < (j+1)*size; i++ {
			f := 1.0
			if gamma != nil {
				f = float64(gamma[i])
			}
			sumGH += float64(f * float64(dyh[i]))
			sumG += float64(f * float64(dys[i]))
		}
		s := float64(r) * float64(r)
		gp, gq := float32(-s*(sumGH/n)), float32(-float64(r)*(sumG/n))
		for i := j * size; i < (j+1)*size; i++ {
			p[i], q[i] = gp, gq
		}
	}
}

func evalGroupNormGrad(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(GroupNormAttrs)
	gamma, _ := affine(NormAttrs{Gamma: a.Gamma}, in, 4)
	dgamma, dbeta := affine(a.NormAttrs, out, 1)
	eachGroup(a, n.Inputs[0].Shape, func(group int, at, channel []int) {
		mean, rstd, count := in[2].F[group], in[3].F[group], float64(len(at))
		sumG, sumGH := 0.0, 0.0
		for k, i := range at {
			dy, h := in[0].F[i], (in[1].F[i]-mean)*rstd
			g := dy * orElse64(gamma.F, channel[k], 1)
			sumG, sumGH = sumG+g, sumGH+g*h
			if a.Gamma {
				dgamma.F[channel[k]] += dy * h
			}
			if a.Beta {
				dbeta.F[channel[k]] += dy
			}
		}
		for k, i := range at {
			h := (in[1].F[i] - mean) * rstd
			g := in[0].F[i] * orElse64(gamma.F, channel[k], 1)
			out[0].F[i] = rstd * (g - sumG/count - h*sumGH/count)
		}
	})
}
