package prob

import (
	"math"

	"dnn/internal/kernel/scalar"
)

// wide is a number m·2^e that is not negative, with m in [1,2), or 0 where m is. Products of thousands of probabilities keep
// their 53 bits. NaN is a wide too.
type wide struct {
	m float64
	e int
}

// halved brings m from [1,4) into [1,2).
func (a wide) halved() wide {
	if a.m >= 2 {
		return wide{a.m / 2, a.e + 1}
	}
	return a
}

func (a wide) times(b wide) wide { return wide{a.m * b.m, a.e + b.e}.halved() }

func (a wide) plus(b wide) wide {
	if a.m == 0 || a.e < b.e && b.m != 0 {
		a, b = b, a
	}
	d := a.e - b.e
	if b.m == 0 || d > 60 { // less than half of a's last bit
		return a
	}
	return wide{a.m + float64(b.m*powerOfTwo(-d)), a.e}.halved()
}

// over is a/b as a float64, 0 where it is too small for one.
func (a wide) over(b wide) float64 {
	if e := a.e - b.e; e > -1000 {
		return a.m / b.m * powerOfTwo(min(e, 1000))
	}
	return 0
}

// powerOfTwo is 2^e for e in [-1022,1023].
func powerOfTwo(e int) float64 { return math.Float64frombits(uint64(1023+e) << 52) }

const (
	ln2High = 6.93147180369123816490e-01
	ln2Low  = 1.90821492927057770002e-10
)

// inverseFactorials are 1/n!, from n = 13 down to 0.
var inverseFactorials = [...]float64{
	1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720,
	1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1,
}

// wideExp is e^x: x = k·ln 2 + r with |r| ≤ ½·ln 2, and e^r by its series, each step fused. Beyond ±10⁶ x counts as that, and
// -Inf gives 0.
func wideExp(x float32) wide {
	if x == -scalar.Inf {
		return wide{}
	}
	v := min(max(float64(x), -1e6), 1e6)
	if v != v {
		return wide{v, 0}
	}
	k := math.RoundToEven(v * math.Log2E)
	r := math.FMA(-k, ln2Low, math.FMA(-k, ln2High, v))
	sum := inverseFactorials[0]
	for _, c := range inverseFactorials[1:] {
		sum = math.FMA(sum, r, c)
	}
	if sum < 1 {
		return wide{sum * 2, int(k) - 1}
	}
	return wide{sum, int(k)}
}

// log is ln(m·2^e): m = 2^k·(1+f) with 1+f in [√½,√2), s = f/(2+f), and ln(1+f) = 2·artanh(s), each step fused.
func (a wide) log() float64 {
	if !(a.m > 0) {
		return math.Log(a.m) // -Inf or NaN
	}
	m, k := a.m, float64(a.e)
	if m > math.Sqrt2 {
		m, k = m/2, k+1
	}
	f := m - 1
	s := f / (2 + f)
	z := s * s
	r := 0.0
	for n := 25; n >= 3; n -= 2 { // artanh(s) = s + s³/3 + s⁵/5 + …
		r = math.FMA(r, z, 1/float64(n))
	}
	return math.FMA(k, ln2High, math.FMA(k, ln2Low, math.FMA(2*s*z, r, 2*s)))
}

// wides are wide numbers in three parts, the first two of which are m: so they fit into scratch memory.
type wides struct{ high, low, exponent []float32 }

// widesIn are n wide numbers in a piece of memory, and the rest of it.
func widesIn(local []float32, n int) (wides, []float32) {
	return wides{local[:n:n], local[n : 2*n : 2*n], local[2*n : 3*n : 3*n]}, local[3*n:]
}

// Part is the i-th piece of n.
func (w wides) part(i, n int) wides {
	return wides{w.high[i*n : (i+1)*n], w.low[i*n : (i+1)*n], w.exponent[i*n : (i+1)*n]}
}

func (w wides) at(i int) wide {
	return wide{float64(w.high[i]) + float64(w.low[i]), int(w.exponent[i])}
}

func (w wides) set(i int, v wide) {
	high := float32(v.m)
	w.high[i], w.low[i], w.exponent[i] = high, float32(v.m-float64(high)), float32(v.e)
}
