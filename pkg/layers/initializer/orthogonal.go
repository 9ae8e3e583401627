package initializer

import "math"

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
