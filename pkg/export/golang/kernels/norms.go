package kernels

import "dnn/internal/kernel/scalar"

// normalizeRow is y = fma((x-mean)·rstd, gamma, beta); nil stands for ones and zeros.
func normalizeRow(y, x, gamma, beta []float32, mean, rstd float32) {
	for i, v := range x {
		g, b := float32(1), float32(0)
		if gamma != nil {
			g = gamma[i]
		}
		if beta != nil {
			b = beta[i]
		}
		y[i] = scalar.FMA(scalar.Mul(v-mean, rstd), g, b)
	}
}

func layerNorm(y, x, gamma, beta []float32, rows, cols int, eps float32) {
	for i := 0; i < rows; i++ {
		r := x[i*cols : (i+1)*cols]
		m := sumOf(r) / float32(cols)
		var l lanes
		for j, v := range r {
			d := v - m
			l[j&63] = scalar.FMA(d, d, l[j&63])
		}
		normalizeRow(y[i*cols:(i+1)*cols], r, gamma, beta, m, scalar.Rsqrt(l.sum()/float32(cols)+eps))
	}
}

func rmsNorm(y, x, gamma []float32, rows, cols int, eps float32) {
	for i := 0; i < rows; i++ {
		r := x[i*cols : (i+1)*cols]
		normalizeRow(y[i*cols:(i+1)*cols], r, gamma, nil, 0, scalar.Rsqrt(dotOf(r, r)/float32(cols)+eps))
	}
}

// normalizeColumns is y = fma(x-mean, scale, shift) for each row.
func normalizeColumns(y, x, mean, scale, shift []float32, rows, cols int) {
	for i := 0; i < rows; i++ {
		for j := 0; j < cols; j++ {
			y[i*cols+j] = scalar.FMA(x[i*cols+j]-mean[j], scale[j], shift[j])
		}
	}
}

// columnMoments are mean and variance of the columns of x [rows,cols]. Narrow columns are summed in several chains side by side.
func columnMoments(mean, variance, x, chains []float32, rows, cols int) {
	t := 1
	if cols <= 32 && rows*cols >= 128 {
		t = 64 / cols
	}
	for pass := 0; pass < 2; pass++ {
		to := mean
		if pass == 1 {
			to = variance
		}
		for j := 0; j < cols; j++ {
			for k := 0; k < t; k++ {
				s := float32(0)
				for i := k; i < rows; i += t {
					if v := x[i*cols+j]; pass == 0 {
						s += v
					} else {
						d := v - mean[j]
						s = scalar.FMA(d, d, s)
					}
				}
				chains[k] = s
			}
			s := chains[0]
			for k := 1; k < t; k++ {
				s += chains[k]
			}
			to[j] = s / float32(rows)
		}
	}
}

// groupNorm normalizes groups of channels over the positions of each row; sizes are rows, positions, channels and groups.
func groupNorm(y, x, gamma, beta, scratch []float32, sizes []int, eps float32) {
	rows, positions, channels, groups := sizes[0], sizes[1], sizes[2], sizes[3]
	blocks, size := (positions+1023)/1024, channels/groups
	means, variances := scratch[:blocks*channels], scratch[blocks*channels:2*blocks*channels]
	mean, scale := scratch[2*blocks*channels:][:channels], scratch[(2*blocks+1)*channels:][:channels]
	chains := scratch[(2*blocks+2)*channels:]
	for row := 0; row < rows; row++ {
		x, y := x[row*positions*channels:], y[row*positions*channels:]
		for b := 0; b < blocks; b++ {
			count := positions - b*1024
			if count > 1024 {
				count = 1024
			}
			columnMoments(means[b*channels:], variances[b*channels:], x[b*1024*channels:], chains, count, channels)
		}
		for g := 0; g < groups; g++ {
			m, v := joinMoments(means[g*size:], variances[g*size:], positions, channels, size)
			r := scalar.Rsqrt(v + eps)
			for i := g * size; i < (g+1)*size; i++ {
				mean[i], scale[i] = m, r
				if gamma != nil {
					scale[i] = scalar.Mul(r, gamma[i])
				}
			}
		}
		for i := 0; i < positions*channels; i++ {
			j, shift := i%channels, float32(0)
			if beta != nil {
				shift = beta[j]
			}
			y[i] = scalar.FMA(x[i]-mean[j], scale[j], shift)
		}
	}
}

// joinMoments are mean and variance of a group from those of its channels in blocks of 1024 positions. The conversions forbid fused
// additions.
func joinMoments(means, variances []float32, positions, channels, size int) (mean, variance float32) {
	var m, v float64
	for pass := 0; pass < 2; pass++ {
		for b := 0; b*1024 < positions; b++ {
			count := positions - b*1024
			if count > 1024 {
				count = 1024
			}
			weight := float64(count) / float64(positions*size)
			for i := b * channels; i < b*channels+size; i++ {
				if pass == 0 {
					m += float64(weight * float64(means[i]))
					continue
				}
				d := float64(means[i]) - m
				v += float64(weight * (float64(variances[i]) + float64(d*d)))
			}
		}
	}
	return float32(m), float32(v)
}
