package attention

import "dnn/internal/kernel/scalar"

// weight32 is scalar.Exp for x ≤ 88, but 0 below -87. Weights so small do not count next to the
// largest, and denormal numbers take a hundred times as long.
func weight32(x float32) float32 {
	if x < -87 {
		return 0
	}
	return scalar.Exp(x)
}

// softmaxRowsGeneric takes rows of n scores, a multiple of 64, stride apart. It raises
// top to the largest score of a row, turns the scores s into weight32(s - top), and writes by
// how much less top was before, and the Sum. Scores of -Inf become 0.
func softmaxRowsGeneric(p, top, change, sum []float32, n, rows, stride int) {
	for i := range rows {
		r, m := p[i*stride:][:n], top[i]
		for _, v := range r {
			m = max(m, v)
		}
		change[i], top[i] = top[i]-m, m
		var l scalar.Lanes
		for j, v := range r {
			r[j] = weight32(v - m)
			l[j%64] += r[j]
		}
		sum[i] = l.Sum()
	}
}

// softmaxGradRowsGeneric takes such rows of scores and of gradients by weights, d. It
// turns the scores into weights, weight32(s - lse), and d into the gradients by scores.
func softmaxGradRowsGeneric(p, d, lse, delta []float32, n, rows, stride int) {
	for i := range rows {
		q, e := p[i*stride:][:n], d[i*stride:][:n]
		for j, s := range q {
			w := weight32(s - lse[i])
			q[j], e[j] = w, scalar.Mul(w, e[j]-delta[i])
		}
	}
}
