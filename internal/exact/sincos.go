package exact

import "math"

// SinCosDegrees returns the sine and the cosine of an angle in degrees, below 10⁹ in size. At whole right angles both are
// exact.
func SinCosDegrees(degrees float64) (sin, cos float64) {
	quarters := math.RoundToEven(degrees / 90)
	x := math.FMA(-90, quarters, degrees) * (math.Pi / 180) // at most an eighth of a turn
	sin, cos = x*wave(x, 3), wave(x, 2)
	switch int64(quarters) & 3 {
	case 1:
		return cos, -sin
	case 2:
		return -sin, -cos
	case 3:
		return -cos, sin
	}
	return sin, cos
}

// wave is 1 − x²/((k−1)k)·(1 − x²/((k+1)(k+2))·(…)): cos x for k = 2, sin x / x for k = 3.
func wave(x float64, k int) float64 {
	square, sum := x*x, 1.0
	for n := k + 18; n >= k; n -= 2 {
		sum = math.FMA(-square/float64((n-1)*n), sum, 1)
	}
	return sum
}
