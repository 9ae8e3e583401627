package plot

import (
	"math"
	"strconv"
	"strings"
)

// axis maps values to pixels along the x or y axis.
type axis struct {
	lo, hi   float64 // values at the ends; log10 of them where log is set
	log      bool
	from, to float64 // pixels of lo and hi
	ticks    []tick
	minor    []float64 // values of grid lines without a label
}

type tick struct {
	value float64
	text  string
}

// at returns the pixel of a value.
func (a *axis) at(v float64) float64 {
	if a.log {
		v = math.Log10(v)
	}
	return a.from + (v-a.lo)/(a.hi-a.lo)*(a.to-a.from)
}

// finite reports whether v can be drawn. Numbers near the largest float64 cannot: their differences overflow.
func finite(v float64) bool { return math.Abs(v) < 1e300 }

// span returns the least and the greatest finite value, and whether there is any.
func span(series ...[]float64) (lo, hi float64, any bool) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, s := range series {
		for _, v := range s {
			if finite(v) {
				lo, hi, any = min(lo, v), max(hi, v), true
			}
		}
	}
	return lo, hi, any
}

// linear returns an axis over lo to hi with a margin and about n ticks.
func linear(lo, hi float64, n int) axis {
	mid := lo/2 + hi/2
	if hi-lo <= 1e-11*math.Abs(mid) { // nearly constant
		air := max(math.Abs(mid)*0.1, 1e-300)
		if mid == 0 {
			air = 1
		}
		lo, hi = mid-air, mid+air
	}
	air := 0.05 * (hi - lo)
	a := axis{lo: lo - air, hi: hi + air}
	if lo >= 0 && a.lo < 0 {
		a.lo = 0
	}
	if lo >= 0 && hi <= 1 && hi > 0.5 { // a share: nothing lies above 1
		a.hi = min(a.hi, 1)
	}
	step := niceStep((a.hi - a.lo) / float64(n))
	first := math.Ceil(a.lo/step - 1e-9)
	for i := 0.0; (first+i)*step <= a.hi+1e-9*step && i < 50; i++ {
		v := (first + i) * step
		a.ticks = append(a.ticks, tick{v, stepText(v, step, max(math.Abs(a.lo), math.Abs(a.hi)))})
	}
	return a
}

// logarithmic returns a logarithmic axis over lo to hi, both greater than 0.
func logarithmic(lo, hi float64) axis {
	a := axis{lo: math.Log10(lo), hi: math.Log10(hi), log: true}
	air := max(0.04*(a.hi-a.lo), 0.02)
	a.lo, a.hi = a.lo-air, a.hi+air
	decades := a.hi - a.lo
	every := int(max(1, math.Ceil(decades/8)))
	for e := int(math.Floor(a.lo)); e <= int(math.Ceil(a.hi)); e++ {
		for m := 1.0; m <= 9; m++ {
			v := m * math.Pow(10, float64(e))
			if l := math.Log10(v); l < a.lo || l > a.hi || v == 0 {
				continue
			}
			switch {
			case m == 1 && e%every == 0, decades < 2.2 && (m == 2 || m == 5):
				text := short(v)
				if lo < 1e-3 && v < 0.1 { // do not mix 0.001 and 1e-4
					text = tidyExponent(strconv.FormatFloat(v, 'e', 0, 64))
				}
				a.ticks = append(a.ticks, tick{v, text})
			case every == 1 && decades < 5, m == 1:
				a.minor = append(a.minor, v)
			}
		}
	}
	return a
}

// niceStep returns the least of 1, 2, 5 times a power of ten that is not less than v.
func niceStep(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= v*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// stepText prints a tick with enough digits to differ from its neighbours. largest is the axis's largest magnitude.
func stepText(v, step, largest float64) string {
	if math.Abs(v) < step/2 {
		return "0"
	}
	if largest < 1e6 && step > 0.9e-5 {
		return minus(strconv.FormatFloat(v, 'f', int(max(0, -math.Floor(math.Log10(step)+1e-9))), 64))
	}
	digits := int(max(0, math.Floor(math.Log10(math.Abs(v))+1e-9)-math.Floor(math.Log10(step)+1e-9)))
	return tidyExponent(strconv.FormatFloat(v, 'e', digits, 64))
}

// short prints a value with at most four digits.
func short(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 0):
		return minus(strconv.FormatFloat(v, 'f', 0, 64))
	case a == 0:
		return "0"
	case a >= 1e6 || a < 1e-3:
		return tidyExponent(strconv.FormatFloat(v, 'e', -1, 64), strconv.FormatFloat(v, 'e', 3, 64))
	case a >= 1000:
		return minus(strconv.FormatFloat(v, 'f', 0, 64))
	}
	return minus(strconv.FormatFloat(roundDigits(v, 4), 'f', -1, 64))
}

// roundDigits rounds to n significant digits.
func roundDigits(v float64, n int) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', n, 64), 64)
	if err != nil {
		return v
	}
	return r
}

// tidyExponent shortens 1.0e-07 to 1e-7.
func tidyExponent(texts ...string) string {
	s := texts[0]
	for _, t := range texts[1:] {
		if len(t) < len(s) {
			s = t
		}
	}
	mantissa, exponent, _ := strings.Cut(s, "e")
	n, err := strconv.Atoi(exponent)
	if err != nil {
		return s
	}
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	return minus(mantissa + "e" + strconv.Itoa(n))
}

// minus replaces the hyphen of a negative number by a minus sign.
func minus(s string) string { return strings.ReplaceAll(s, "-", "−") }
