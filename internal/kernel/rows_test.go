package kernel

import (
	"math"
	"testing"

	"dnn/internal/kernel/guard"
)

// doubles are the numbers of x in float64.
func doubles(x []float32) []float64 {
	d := make([]float64, len(x))
	for i, v := range x {
		d[i] = float64(v)
	}
	return d
}

// exactLogSoftmax works on one row.
func exactLogSoftmax(x []float64) []float64 {
	m, s := math.Inf(-1), 0.0
	for _, v := range x {
		m = max(m, v)
	}
	for _, v := range x {
		s += math.Exp(v - m)
	}
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = v - m - math.Log(s)
	}
	return y
}

func TestSoftmax(t *testing.T) {
	const rows = 4
	for _, cols := range []int{1, 2, 10, 65, 300} {
		n := rows * cols
		x, dy, target := normals(n, 1), normals(n, 2), positives(n, 3)
		for i := range x {
			x[i] *= 10
		}
		soft, logs := make([]float64, n), make([]float64, n)
		softGrad, logGrad, ceGrad := make([]float64, n), make([]float64, n), make([]float64, n)
		loss := make([]float64, rows)
		dloss := clone([]float32{1, 0.5, -2, 0})
		for r := range rows {
			lo := r * cols
			l := exactLogSoftmax(doubles(x[lo : lo+cols]))
			var dot, sum, st float64
			for j, v := range l {
				dot += math.Exp(v) * float64(dy[lo+j])
				sum += float64(dy[lo+j])
				st += float64(target[lo+j])
				loss[r] -= v * float64(target[lo+j])
			}
			for j, v := range l {
				p, d := math.Exp(v), float64(dy[lo+j])
				soft[lo+j], logs[lo+j] = p, v
				softGrad[lo+j], logGrad[lo+j] = p*(d-dot), d-p*sum
				ceGrad[lo+j] = (p*st - float64(target[lo+j])) * float64(dloss[r])
			}
		}
		y, l, d := guard.Floats(n), guard.Floats(n), guard.Floats(n)
		Softmax(y, x, cols, 0, rows)
		wantNear(t, "Softmax", y, soft, 1e-6)
		LogSoftmax(l, x, cols, 0, rows)
		wantNear(t, "LogSoftmax", l, logs, 1e-6)
		SoftmaxGrad(d, y, dy, cols, 0, rows)
		wantNear(t, "SoftmaxGrad", d, softGrad, 2e-6)
		LogSoftmaxGrad(d, l, dy, cols, 0, rows)
		wantNear(t, "LogSoftmaxGrad", d, logGrad, 1e-5)
		got := guard.Floats(rows)
		SoftmaxCrossEntropy(got, nil, x, target, cols, 0, rows)
		wantNear(t, "SoftmaxCrossEntropy", got, loss, 1e-5)
		SoftmaxCrossEntropyGrad(d, x, target, dloss, cols, 0, rows)
		wantNear(t, "SoftmaxCrossEntropyGrad", d, ceGrad, 1e-4)

		one, both, again := clone([]float32{1, 1, 1, 1}), clone(x), guard.Floats(n)
		SoftmaxCrossEntropyGrad(again, x, target, one, cols, 0, rows)
		SoftmaxCrossEntropy(got, both, both, target, cols, 0, rows)
		wantSame(t, "gradient in place", both, again)
		wantNear(t, "loss in place", got, loss, 1e-5)
		LogSoftmax(x, x, cols, 0, rows)
		wantSame(t, "LogSoftmax in place", x, l)
	}
}

func TestLayerNorm(t *testing.T) {
	const rows, eps = 3, 1e-5
	for _, cols := range []int{1, 2, 10, 65, 300, 1500} {
		n := rows * cols
		x, dy, gamma, beta := normals(n, 1), normals(n, 2), normals(cols, 3), normals(cols, 4)
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
			wantNear(t, "y", y, wantY, 1e-5)
			if cols > 2 { // else nearly all cancels
				wantNear(t, "dx", dx, wantDx, 1e-5)
			}
			wantNear(t, "dgamma", dgamma, wantG, 1e-5)
			wantNear(t, "dbeta", dbeta, wantB, 1e-5)
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
		x, dy, gamma, beta := normals(n, 1), normals(n, 2), normals(cols, 3), normals(cols, 4)
		var params pieces
		next := params.next
		mean, rstd, dgamma, dbeta, scale, p, q := next(cols), next(cols), next(cols), next(cols), next(cols), next(cols), next(cols)
		y, dx := guard.Floats(n), guard.Floats(n)
		ColumnMoments(mean, rstd, x, rows, cols, 0, cols)
		AddScalar(rstd, rstd, eps)
		Rsqrt(rstd, rstd)
		Mul(scale, gamma, rstd)
		NormalizeColumns(y, x, mean, scale, beta, cols, 0, rows, relu)
		shift := beta
		if !relu {
			shift = nil
		}
		NormGradSums(dgamma, dbeta, dy, x, mean, scale, shift, rows, cols, 0, cols)
		Mul(dgamma, dgamma, rstd)
		for j := range cols {
			p[j], q[j] = -scale[j]*rstd[j]*dgamma[j]/rows, -scale[j]*dbeta[j]/rows
		}
		NormGradX(dx, dy, x, mean, scale, p, q, shift, cols, 0, rows)
		if relu {
			ActivateGrad(dy, dy, y, y, ActRelu, 0)
		}

		flip := func(v []float32) []float32 {
			out := guard.Floats(n)
			Transpose2D(out, v, rows, cols, 0, cols)
			return out
		}
		xt, dyt, yt, dxt := flip(x), flip(dy), flip(y), flip(dx)
		for j := range cols {
			g, b := guard.Floats(rows), guard.Floats(rows)
			Fill(g, gamma[j])
			Fill(b, beta[j])
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
			wantNear(t, "y", yt[lo:hi], wantY, 1e-5)
			wantNear(t, "dx", dxt[lo:hi], wantDx, 1e-5)
			wantNear(t, "dgamma, dbeta", []float32{dgamma[j], dbeta[j]}, []float64{sumG, sumB}, 1e-5)
		}
	}
}
