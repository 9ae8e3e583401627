package quantize

import (
	"math"

	"dnn/pkg/weights"
)

func init() {
	Methods.Register("mse", "the least mean square error", &MSE{}).Also("mean_square_error")
}

// MSE cuts off where the mean square error of the quantized values is least: each value is as far off as the nearest whole number
// of scales is.
type MSE struct{}

// Cases are examples of it.
func (*MSE) Cases() []string { return []string{"mse"} }

// Clip tries sizes from a tenth of the largest value on.
func (*MSE) Clip(h *Histogram) float64 {
	best, least := h.Top, math.Inf(1)
	const tries = 100
	for k := tries / 10; k <= tries; k++ {
		clip := h.Top * float64(k) / tries
		scale, sum := clip/weights.Most, 0.0
		for i, n := range h.Counts {
			if n == 0 {
				continue
			}
			x := h.edge(i) - h.Top/(2*bins)
			off := x - float64(scale*math.RoundToEven(min(x, clip)/scale))
			sum += n * off * off
		}
		if sum < least {
			best, least = clip, sum
		}
	}
	return best
}
