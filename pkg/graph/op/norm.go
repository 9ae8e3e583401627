package op

import (
	"fmt"
	"strings"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// NormAttrs are the settings of a normalization: what is added to the variance, and whether there is a factor (gamma)
// and a term (beta) for each channel of the last axis.
type NormAttrs struct {
	Eps         float64
	Gamma, Beta bool
}

// normInputs collects the inputs of a normalization: fixed ones first, then gamma and beta as far as they are not nil.
func normInputs(eps float64, gamma, beta *graph.Value, fixed ...*graph.Value) (NormAttrs, []*graph.Value) {
	a := NormAttrs{eps, gamma != nil, beta != nil}
	if a.Gamma {
		fixed = append(fixed, gamma)
	}
	if a.Beta {
		fixed = append(fixed, beta)
	}
	return a, fixed
}

// NormName is the name of the layer whose running mean a batch_norm_apply reads: that of the variable without its last part.
func NormName(n *graph.Node) string {
	mean := n.Inputs[1].Node.Name
	return mean[:max(0, strings.LastIndexByte(mean, '.'))]
}

// affine finds gamma and beta behind the fixed inputs; missing ones are the zero value.
func affine[T any](a NormAttrs, in []T, fixed int) (gamma, beta T) {
	if a.Gamma {
		gamma = in[fixed]
		fixed++
	}
	if a.Beta {
		beta = in[fixed]
	}
	return gamma, beta
}

// expectNorm checks the inputs of a normalization: fixed ones, of which the first is x, then gamma and beta.
func expectNorm(a NormAttrs, in []graph.Type, fixed int) error {
	want := fixed
	if a.Gamma {
		want++
	}
	if a.Beta {
		want++
	}
	if err := expectFloats(in, want); err != nil {
		return err
	}
	if !(a.Eps >= 0) {
		return fmt.Errorf("eps is %g, want 0 or more", a.Eps)
	}
	if err := expectRows(in[:1], 1); err != nil {
		return err
	}
	return expectVectors(in[0].Shape, in[fixed:])
}

// expectVectors checks that each type is a vector with one element for each channel of x.
func expectVectors(x graph.Shape, in []graph.Type) error {
	for _, t := range in {
		if !t.Shape.Equal(graph.Shape{x.Last()}) {
			return fmt.Errorf("x is %v, so a vector of [%d] is wanted, not %v", x, x.Last(), t.Shape)
		}
	}
	return nil
}

// orElse64 is element i of v, or a default where v is absent.
func orElse64(v []float64, i int, other float64) float64 {
	if v == nil {
		return other
	}
	return v[i]
}

// addGradient adds two gradients, either of which may be nil.
func addGradient(b *graph.Builder, x, y *graph.Value) *graph.Value {
	if x == nil || y == nil {
		if x == nil {
			return y
		}
		return x
	}
	return Add(b, x, y)
}

// fillRstd computes 1/√(variance+eps) of the channels [lo,hi).
func fillRstd(rstd, variance []float32, eps float64, lo, hi int) {
	vec.AddScalar(rstd[lo:hi], variance[lo:hi], float32(eps))
	vec.Rsqrt(rstd[lo:hi], rstd[lo:hi])
}

// fillAffine turns rstd into scale = gamma·rstd in its place, and fills shift with beta, for the channels [lo,hi). gamma
// and beta may be nil.
func fillAffine(scale, shift, gamma, beta []float32, lo, hi int) {
	if gamma != nil {
		vec.Mul(scale[lo:hi], gamma[lo:hi], scale[lo:hi])
	}
	if beta != nil {
		copy(shift[lo:hi], beta[lo:hi])
	} else {
		clear(shift[lo:hi])
	}
}

// paramGradients appends the phases that sum dgamma and dbeta over all positions of x, of shape s, in blocks of rowBlock
// that are added in order; from three axes on each row of the batch has blocks of its own, so that zeros behind a sequence
// change no bit. out returns where the sums go, nil for one that is not wanted; sum sums the positions [first, first+count)
// of the channels [lo,hi).
func paramGradients(k *graph.Kernel, s graph.Shape, out func(c *graph.Call) (dgamma, dbeta []float32),
	sum func(c *graph.Call, dgamma, dbeta []float32, first, count, lo, hi int)) {
	rows, each, cols := 1, rowsOf(s), s.Last()
	if s.Rank() > 2 {
		rows, each = s[0], s[1:s.Rank()-1].Size()
	}
	perRow, strips := ceil(each, rowBlock), ceil(cols, strip)
	blocks, work := rows*perRow, min(each, rowBlock)*min(cols, strip)
	if blocks == 1 {
		k.Phases = append(k.Phases, cut(cols, strip, func(c *graph.Call, lo, hi int) {
			dgamma, dbeta := out(c)
			sum(c, dgamma, dbeta, 0, each, lo, hi)
		}))
		return
	}
	at, size := k.Scratch, blocks*cols
	k.Scratch += 2 * size
	k.Phases = append(k.Phases, cut(blocks*strips, max(1, chunk/max(1, work)), func(c *graph.Call, lo, hi int) {
		gammas, betas := c.Scratch[at:at+size], c.Scratch[at+size:at+2*size]
		for u := lo; u < hi; u++ {
			i, from := u/strips, u%strips*strip
			first := i % perRow * rowBlock
			sum(c, part(gammas, i, cols), part(betas, i, cols), i/perRow*each+first, min(rowBlock, each-first), from, min(from+strip, cols))
		}
	}), cut(cols, strip, func(c *graph.Call, lo, hi int) {
		dgamma, dbeta := out(c)
		if dgamma != nil {
			vec.SumColumns(dgamma, c.Scratch[at:], blocks, cols, lo, hi)
		}
		if dbeta != nil {
			vec.SumColumns(dbeta, c.Scratch[at+size:], blocks, cols, lo, hi)
		}
	}))
}
