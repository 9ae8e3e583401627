package prob

import (
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// leastShare bounds by how much LogAddTokens divides.
const leastShare = 0x1p-80

// LogAddTokens gives tokens of a vocabulary more probability. x are the logarithms of the tokens' probabilities, and each
// place i of a text, which holds token w = ids[i], adds a[i] ≥ 0:
//
//	y_w = ln(exp(x_w) + Σᵢ a_i over the places of w), y_w = x_w where that sum is 0 or w is at no place.
//
// Sums are chains over ascending places. part[i] is the share of exp(x_w) in exp(y_w) at the first place of each token, 1 at
// the others; inverse[i] is 1/max(exp(y_w), 2⁻⁸⁰). y may be x. sums [vocabulary] and logs [places] are scratch.
func LogAddTokens(y, part, inverse, x, a []float32, ids []int32, sums, logs []float32) {
	part, inverse, a, logs = part[:len(ids)], inverse[:len(ids)], a[:len(ids)], logs[:len(ids)]
	if len(ids) == 0 {
		copy(y, x)
		return
	}
	for i, w := range ids {
		sums[w], part[i] = 0, x[w]
	}
	for i, w := range ids {
		sums[w] += a[i]
	}
	vec.Exp(part, part)
	for i, w := range ids {
		inverse[i] = part[i] + sums[w]
	}
	vec.Log(logs, inverse)
	if len(y) > 0 && &y[0] != &x[0] {
		copy(y, x)
	}
	const done = -1
	for i, w := range ids {
		switch s := sums[w]; {
		case s == done || s == 0:
			part[i] = 1
		default:
			y[w] = logs[i]
			part[i] /= inverse[i]
		}
		sums[w] = done
		inverse[i] = 1 / max(inverse[i], leastShare)
	}
}

// LogAddTokensGrad gives the gradients by x and by a from dy, which dx may be.
func LogAddTokensGrad(dx, da, dy, part, inverse []float32, ids []int32) {
	for i, w := range ids {
		da[i] = scalar.Mul(dy[w], inverse[i])
	}
	if len(dx) > 0 && &dx[0] != &dy[0] {
		copy(dx, dy)
	}
	for i, w := range ids {
		dx[w] = scalar.Mul(dx[w], part[i])
	}
}
