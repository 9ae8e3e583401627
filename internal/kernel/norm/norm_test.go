package norm

import (
	"fmt"
	"math"
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/vec"
)

func TestLayerNorm(t *testing.T) {
	const rows, eps = 3, 1e-5
	for _, cols := range []int{1, 2, 10, 65, 300, 1500} {
		n := rows * cols
		x, dy, gamma, beta := kerneltest.Normals(n, 1), kerneltest.Normals(n, 2), kerneltest.Normals(cols, 3), kerneltest.Normals(cols, 4)
		for i := range x {
			x[i] = x[i]*3 + 5
		}
		y, mean, rstd, dx := guard.Floats(n), guard.Floats(rows), guard.Floats(rows), guard.Floats(n)
		dgamma, dbeta := guard.Floats(cols), guard.Floats(cols)
		wantY, wantDx := make([]float64, n), make([]float64, n)
		wantG, wantB := make([]float64, cols), make([]float64, cols)
		for _, plain := range []bool{false, true} {
			g, b := gamma, beta
			if plain {
				g, b = nil, nil
			}
			clear(wantG)
			clear(wantB)
			for r := range rows {
				exactNormRow(x[r*cols:(r+1)*cols], dy[r*cols:(r+1)*cols], g, b, wantY[r*cols:], wantDx[r*cols:], wantG, wantB, eps)
			}
			LayerNorm(y, mean, rstd, x, g, b, cols, eps, 0, rows)
			LayerNormGradX(dx, dy, x, g, mean, rstd, cols, 0, rows)
			LayerNormGradParams(dgamma, dbeta, dy, x, mean, rstd, rows, cols, 0, cols)
			kerneltest.WantNear(t, "y", y, wantY, 1e-5)
			if cols > 2 { // else nearly all cancels
				kerneltest.WantNear(t, "dx", dx, wantDx, 1e-5)
			}
			kerneltest.WantNear(t, "dgamma", dgamma, wantG, 1e-5)
			kerneltest.WantNear(t, "dbeta", dbeta, wantB, 1e-5)
		}
	}
}

// exactNormRow normalizes one row, or one column, of numbers, and takes the gradient.
func exactNormRow(x, dy, gamma, beta []float32, y, dx, dgamma, dbeta []float64, eps float64) {
	n := float64(len(x))
	var mean, variance, c1, c2 float64
	for _, v := range x {
		mean += float64(v) / n
	}
	for _, v := range x {
		variance += (float64(v) - mean) * (float64(v) - mean) / n
	}
	rstd := 1 / math.Sqrt(variance+eps)
	at := func(v []float32, i int, other float64) float64 {
		if v == nil {
			return other
		}
		return float64(v[i])
	}
	for i, v := range x {
		h, g := (float64(v)-mean)*rstd, float64(dy[i])*at(gamma, i, 1)
		y[i] = h*at(gamma, i, 1) + at(beta, i, 0)
		c1 += g / n
		c2 += g * h / n
		dgamma[i] += float64(dy[i]) * h
		dbeta[i] += float64(dy[i])
	}
	for i, v := range x {
		h, g := (float64(v)-mean)*rstd, float64(dy[i])*at(gamma, i, 1)
		dx[i] = rstd * (g - c1 - h*c2)
	}
}

// TestBatchNorm compares columns with exactNormRow on the transposed matrix. With a relu behind the norm, the gradient is
// that of dy with zeros where the norm is not above 0.
func TestBatchNorm(t *testing.T) {
	for _, relu := range []bool{false, true} {
		testBatchNorm(t, relu)
	}
}

func testBatchNorm(t *testing.T, relu bool) {
	const rows, eps = 40, 1e-5
	for _, cols := range []int{1, 10, 65, 1030} {
		n := rows * cols
		x, dy, gamma, beta := kerneltest.Normals(n, 1), kerneltest.Normals(n, 2), kerneltest.Normals(cols, 3), kerneltest.Normals(cols, 4)
		var params kerneltest.Pieces
		next := params.Next
		mean, rstd, dgamma, dbeta, scale, p, q := next(cols), next(cols), next(cols), next(cols), next(cols), next(cols), next(cols)
		y, dx := guard.Floats(n), guard.Floats(n)
		ColumnMoments(mean, rstd, x, rows, cols, 0, cols)
		vec.AddScalar(rstd, rstd, eps)
		vec.Rsqrt(rstd, rstd)
		vec.Mul(scale, gamma, rstd)
		NormalizeColumns(y, x, mean, scale, beta, cols, 0, rows, relu)
		shift := beta
		if !relu {
			shift = nil
		}
		NormGradSums(dgamma, dbeta, dy, x, mean, scale, shift, rows, cols, 0, cols)
		vec.Mul(dgamma, dgamma, rstd)
		for j := range cols {
			p[j], q[j] = -scale[j]*rstd[j]*dgamma[j]/rows, -scale[j]*dbeta[j]/rows
		}
		NormGradX(dx, dy, x, mean, scale, p, q, shift, cols, 0, rows)
		if relu {
			vec.ActivateGrad(dy, dy, y, y, vec.ActRelu, 0)
		}

		flip := func(v []float32) []float32 {
			out := guard.Floats(n)
			vec.Transpose2D(out, v, rows, cols, 0, cols)
			return out
		}
		xt, dyt, yt, dxt := flip(x), flip(dy), flip(y), flip(dx)
		for j := range cols {
			g, b := guard.Floats(rows), guard.Floats(rows)
			vec.Fill(g, gamma[j])
			vec.Fill(b, beta[j])
			wantY, wantDx, wantG, wantB := make([]float64, rows), make([]float64, rows), make([]float64, rows), make([]float64, rows)
			lo, hi := j*rows, (j+1)*rows
			exactNormRow(xt[lo:hi], dyt[lo:hi], g, b, wantY, wantDx, wantG, wantB, eps)
			for i := range wantY {
				if relu {
					wantY[i] = max(wantY[i], 0)
				}
			}
			var sumG, sumB float64
			for i := range wantG {
				sumG += wantG[i]
				sumB += wantB[i]
			}
			kerneltest.WantNear(t, "y", yt[lo:hi], wantY, 1e-5)
			kerneltest.WantNear(t, "dx", dxt[lo:hi], wantDx, 1e-5)
			kerneltest.WantNear(t, "dgamma, dbeta", []float32{dgamma[j], dbeta[j]}, []float64{sumG, sumB}, 1e-5)
		}
	}
}

// BenchmarkNorm normalizes rows of a class count, of a model's width, and long ones.
func BenchmarkNorm(b *testing.B) {
	for _, cols := range []int{10, 256, 4096} {
		rows := 8192 / cols
		n := rows * cols
		x, y, dy, v, w := kerneltest.Normals(n, 1), make([]float32, n), kerneltest.Normals(n, 2), make([]float32, n), make([]float32, n)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%d", name, cols), func(b *testing.B) { kerneltest.PerElement(b, n, f) })
		}
		run("LayerNorm", func() { LayerNorm(y, v, w, x, x, x, cols, 1e-5, 0, rows) })
		run("LayerNormGradX", func() { LayerNormGradX(y, dy, x, x, v, w, cols, 0, rows) })
		run("ColumnMoments", func() { ColumnMoments(v, w, x, rows, cols, 0, cols) })
		run("NormGradSums", func() { NormGradSums(v, w, dy, x, x, x, x, rows, cols, 0, cols) })
		run("NormGradX", func() { NormGradX(y, dy, x, x, v, w, v, w, cols, 0, rows) })
	}
}
