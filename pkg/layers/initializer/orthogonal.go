package initializer

import (
	"math"

	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/vec"
)

func init() {
	Registry.Register("orthogonal", "rows at right angles to each other: recurrent and very deep nets", &Orthogonal{})
}

// Orthogonal makes a random orthogonal matrix of the parameter's first axis by all others, times gain: its rows are
// orthonormal, or its columns when it has fewer of those.
//
//	W·Wᵀ = gain²·I   or   Wᵀ·W = gain²·I
//
// Every such matrix is equally likely: normal draws are made orthonormal in their order (Stewart 1980).
//
// Source: Saxe et al. 2013, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks".
type Orthogonal struct {
	Gain float64 `default:"1" range:"(,)" doc:"factor: √2 suits relu"`
}

// Cases are examples of it.
func (*Orthogonal) Cases() []Case {
	return []Case{{Spec: "{type: orthogonal, gain: 2}", Std: 2 / math.Sqrt(600), Most: 2}}
}

// Fill draws and makes orthonormal.
func (o *Orthogonal) Fill(dst []float32, t Target) {
	if len(dst) == 0 {
		return
	}
	t.normal(dst, 0, 1)
	rows := 1
	if len(t.Shape) > 1 {
		rows = t.Shape[0]
	}
	cols := len(dst) / rows
	n, length, at := rows, cols, func(v, k int) int { return v*cols + k }
	if rows > cols {
		n, length, at = cols, rows, func(v, k int) int { return k*cols + v }
	}
	if float64(n)*float64(n)*float64(length) > serialWork {
		o.fillBlocks(dst, n, length, at)
		return
	}
	vectors := make([][]float64, n)
	for v := range vectors {
		vectors[v] = make([]float64, length)
		for k := range vectors[v] {
			vectors[v][k] = float64(dst[at(v, k)])
		}
	}
	orthonormalize(vectors)
	for v, x := range vectors {
		for k := range x {
			dst[at(v, k)] = float32(o.Gain * x[k])
		}
	}
}

// serialWork is from how many products on vectors go through the process block by block: a fifth of a second one by one. The bits of a
// matrix follow from its shape and the random stream in both ways, and are the same on every machine.
const serialWork = 1 << 28

// blockVectors is how many vectors are made orthogonal to all before them at once.
const blockVectors = 32

// fillBlocks makes the n drawn vectors in dst orthonormal, block by block: each block loses what it has in common with all vectors
// before it, by products of matrices, and then its own are made orthonormal; all of it twice, for full precision (Giraud et al. 2005,
// "Rounding error analysis of the classical Gram-Schmidt orthogonalization process").
func (o *Orthogonal) fillBlocks(dst []float32, n, length int, at func(v, k int) int) {
	q := make([]float32, n*length)
	for v := range n {
		for k := range length {
			q[v*length+k] = dst[at(v, k)]
		}
	}
	for from := 0; from < n; from += blockVectors {
		to := min(n, from+blockVectors)
		for range 2 {
			subtractShared(q[from*length:to*length], q[:from*length], length)
			orthonormalizeBlock(q[from*length:to*length], length)
		}
	}
	for v := range n {
		for k := range length {
			dst[at(v, k)] = float32(o.Gain * float64(q[v*length+k]))
		}
	}
}

// subtractShared takes from the vectors in x what they have in common with those before them, which are orthonormal.
func subtractShared(x, before []float32, length int) {
	m, k := len(x)/length, len(before)/length
	if k == 0 {
		return
	}
	shares := make([]float32, m*k)
	multiply(gemm.Gemm{M: m, N: k, K: length, TransB: true}, shares, x, before)
	vec.Scale(shares, shares, -1)
	multiply(gemm.Gemm{M: m, N: length, K: k, Accumulate: true}, x, shares, before)
}

// multiply runs a product on one thread.
func multiply(g gemm.Gemm, c, a, b []float32) {
	scratch := make([]float32, g.Scratch())
	g.Pack(scratch, a, b, 0, g.PackUnits())
	g.Run(c, a, b, scratch, gemm.Epilogue{}, 0, g.Units())
}

// orthonormalizeBlock is orthonormalize for the vectors in x.
func orthonormalizeBlock(x []float32, length int) {
	vectors := make([][]float64, len(x)/length)
	for v := range vectors {
		vectors[v] = make([]float64, length)
		for k := range vectors[v] {
			vectors[v][k] = float64(x[v*length+k])
		}
	}
	orthonormalize(vectors)
	for v := range vectors {
		for k, y := range vectors[v] {
			x[v*length+k] = float32(y)
		}
	}
}

// orthonormalize is the Gram-Schmidt process, run twice over each vector, which is enough to reach full precision (Kahan's
// rule, Parlett 1998, section 6.9). Products are fused explicitly, so that every compiler gives the same bits.
func orthonormalize(vectors [][]float64) {
	for i, x := range vectors {
		for range 2 {
			for _, y := range vectors[:i] {
				d := -dot(x, y)
				for k := range x {
					x[k] = math.FMA(d, y[k], x[k])
				}
			}
			scale := 1 / math.Sqrt(dot(x, x))
			for k := range x {
				x[k] *= scale
			}
		}
	}
}

// dot adds in four strands, for speed.
func dot(x, y []float64) float64 {
	var s [4]float64
	k := 0
	for ; k+4 <= len(x); k += 4 {
		a, b := x[k:k+4:k+4], y[k:k+4:k+4]
		s[0], s[1] = math.FMA(a[0], b[0], s[0]), math.FMA(a[1], b[1], s[1])
		s[2], s[3] = math.FMA(a[2], b[2], s[2]), math.FMA(a[3], b[3], s[3])
	}
	for ; k < len(x); k++ {
		s[0] = math.FMA(x[k], y[k], s[0])
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}
