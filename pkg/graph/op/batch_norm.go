package op

import (
	"math"

	"dnn/internal/kernel/norm"
	"dnn/pkg/graph"
)

var batchNormOp graph.Op

// BatchNorm normalizes each channel of the last axis by the statistics of the batch, as in training (Ioffe & Szegedy
// 2015):
//
//	y = (x - mean)·gamma/√(variance + eps) + beta
//
// for x [.., n], gamma and beta [n] or nil, y [.., n], mean and variance [n], taken over all axes but the last. The variance
// is the biased one; eps ≥ 0. Its gradient is batch_norm_grad.
func BatchNorm(b *graph.Builder, x, gamma, beta *graph.Value, eps float64) (y, mean, variance *graph.Value) {
	a, in := normInputs(eps, gamma, beta, x)
	out := b.Add(&batchNormOp, a, in...)
	return out[0], out[1], out[2]
}

func init() {
	batchNormOp = graph.Op{
		Name:    "batch_norm",
		Doc:     "y = (x - mean)·gamma/√(variance + eps) + beta by channel; also mean and variance of the batch",
		Infer:   inferBatchNorm,
		Grad:    gradBatchNorm,
		Eval:    evalBatchNorm,
		Kernel:  func(n *graph.Node) graph.Kernel { return batchNorm(n, false) },
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost:    cost(8),
		Cases: []graph.Case{
			{Name: "both", Attrs: NormAttrs{1e-5, true, true}, In: []graph.Arg{graph.Normal(6, 4), graph.Normal(4), graph.Normal(4)}},
			{Name: "plain", Attrs: NormAttrs{1e-3, false, false}, In: []graph.Arg{graph.Normal(5, 3)}},
			{Name: "gamma", Attrs: NormAttrs{1e-3, true, false}, In: []graph.Arg{graph.Normal(2, 3, 5), graph.Normal(5)}},
			{Name: "beta", Attrs: NormAttrs{1e-3, false, true}, In: []graph.Arg{graph.Normal(7, 2), graph.Normal(2)}},
			{Name: "image", Attrs: NormAttrs{1e-5, true, true}, In: []graph.Arg{graph.Normal(2, 30, 40, 3), graph.Normal(3), graph.Normal(3)}},
			{Name: "wide", Attrs: NormAttrs{1e-5, true, true}, In: []graph.Arg{graph.Normal(33, 200), graph.Normal(200), graph.Normal(200)}},
		},
	}
	graph.Ops.Register(batchNormOp.Name, batchNormOp.Doc, &batchNormOp)
}

func inferBatchNorm(attrs any, in []graph.Type) ([]graph.Type, error) {
	if err := expectNorm(attrs.(NormAttrs), in, 1); err != nil {
		return nil, err
	}
	stats := graph.Floats(in[0].Shape.Last())
	return []graph.Type{in[0], stats, stats}, nil
}

func evalBatchNorm(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(NormAttrs)
	gamma, beta := affine(a, in, 1)
	for j := range out[1].F {
		out[1].F[j], out[2].F[j] = moments64(in[0].F, j, len(out[1].F))
	}
	normalize64(out[0].F, in[0].F, out[1].F, out[2].F, gamma.F, beta.F, a.Eps)
}

func normalize64(y, x, mean, variance, gamma, beta []float64, eps float64) {
	for i, v := range x {
		j := i % len(mean)
		y[i] = (v-mean[j])/math.Sqrt(variance[j]+eps)*orElse64(gamma, j, 1) + orElse64(beta, j, 0)
	}
}

func gradBatchNorm(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
	a, x, mean, variance := n.Attrs.(NormAttrs), n.Inputs[0], n.Outputs[1], n.Outputs[2]
	grads := []*graph.Value{nil}
	var dgamma, dbeta *graph.Value
	if dout[0] != nil {
		in := []*graph.Value{dout[0], x, mean, variance}
		if a.Gamma {
			in = append(in, n.Inputs[1])
		}
		out := b.Add(&batchNormGradOp, NormAttrs{Eps: a.Eps, Gamma: a.Gamma}, in...)
		grads[0], dgamma, dbeta = out[0], out[1], out[2]
	}
	count := float64(rowsOf(x.Shape))
	if dout[1] != nil {
		d := BroadcastTo(b, Scale(b, dout[1], 1/count), x.Shape...)
		grads[0] = addGradient(b, grads[0], d)
	}
	if dout[2] != nil { // d variance/dx = 2(x - mean)/rows
		grads[0] = addGradient(b, grads[0], Mul(b, Sub(b, x, mean), Scale(b, dout[2], 2/count)))
	}
	if a.Gamma {
		grads = append(grads, dgamma)
	}
	if a.Beta {
		grads = append(grads, dbeta)
	}
	return grads
}

// batchNorm is the kernel of the norm, alone or with a relu behind it.
func batchNorm(n *graph.Node, relu bool) graph.Kernel {
	a, s := n.Attrs.(NormAttrs), n.Inputs[0].Shape
	rows, cols := rowsOf(s), s.Last()
	k := graph.Kernel{Scratch: 2 * cols}
	columnMoments(&k, rows, cols)
	last := len(k.Phases) - 1
	moments := k.Phases[last].Run
	k.Phases[last].Run = func(c *graph.Call, lo, hi int) {
		moments(c, lo, hi)
		lo, hi = lo*strip, min(hi*strip, cols)
		gamma, beta := affine(a, c.In, 1)
		fillRstd(c.Scratch[:cols], c.Out[2].F, a.Eps, lo, hi)
		fillAffine(c.Scratch[:cols], c.Scratch[cols:2*cols], gamma.F, beta.F, lo, hi)
	}
	k.Phases = append(k.Phases, byRows(rows, cols, func(c *graph.Call, lo, hi int) {
		norm.NormalizeColumns(c.Out[0].F, c.In[0].F, c.Out[1].F, c.Scratch[:cols], c.Scratch[cols:2*cols], cols, lo, hi, relu)
	}))
	return k
}

// columnMoments appends the phases that compute mean (output 1) and variance (output 2). Many rows are taken in blocks,
// whose moments are then joined (Chan et al. 1979). The last phase is cut into strips.
func columnMoments(k *graph.Kernel, rows, cols int) {
	blocks, strips := ceil(rows, rowBlock), ceil(cols, strip)
	if blocks == 1 {
		k.Phases = append(k.Phases, cut(cols, strip, func(c *graph.Call, lo, hi int) {
			norm.ColumnMoments(c.Out[1].F, c.Out[2].F, c.In[0].F, rows, cols, lo, hi)
		}))
		return
	}
	at, size := k.Scratch, blocks*cols
	k.Scratch += 2 * size
	k.Phases = append(k.Phases, cut(blocks*strips, 1, func(c *graph.Call, lo, hi int) {
		means, variances := c.Scratch[at:at+size], c.Scratch[at+size:at+2*size]
		for u := lo; u < hi; u++ {
			i, from := u/strips, u%strips*strip
			norm.ColumnMoments(part(means, i, cols), part(variances, i, cols), c.In[0].F[i*rowBlock*cols:],
				min(rowBlock, rows-i*rowBlock), cols, from, min(from+strip, cols))
		}
	}), cut(cols, strip, func(c *graph.Call, lo, hi int) {
		for j := lo; j < hi; j++ {
			mean, variance := joinMoments(c.Scratch[at+j:], c.Scratch[at+size+j:], rows, cols)
			c.Out[1].F[j], c.Out[2].F[j] = float32(mean), float32(variance)
		}
	}))
}

// joinMoments joins the moments of one channel's blocks, which lie stride apart. The conversions forbid fused additions,
// which would give other bits on other processors.
func joinMoments(means, variances []float32, rows, stride int) (mean, variance float64) {
	for i, left := 0, rows; left > 0; i, left = i+stride, left-rowBlock {
		mean += float64(float64(min(left, rowBlock)) * float64(means[i]))
	}
	mean /= float64(rows)
	for i, left := 0, rows; left > 0; i, left = i+stride, left-rowBlock {
		d := float64(means[i]) - mean
		v := float64(variances[i]) + float64(d*d)
		variance += float64(float64(min(left, rowBlock)) * v)
	}
	return mean, variance / float64(rows)
}
