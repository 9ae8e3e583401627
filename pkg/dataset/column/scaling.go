package column

import (
	"dnn/internal/exact"
	"dnn/internal/phrase"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Scaling brings numbers to a common scale: (f(x) − Shift) / Scale, where f is the logarithm that Log names, or the
// identity; with Quantiles, it is their map.
type Scaling struct {
	Log       string     `json:"log,omitempty"` // "", "log" or "log1p"
	Shift     float64    `json:"shift"`
	Scale     float64    `json:"scale"`
	Quantiles *Quantiles `json:"quantiles,omitempty"`
}

// Linear reports whether a number and its scaled value rise in proportion.
func (s *Scaling) Linear() bool { return s.Log == "" && s.Quantiles == nil }

// Scalings are the words that `normalize:` takes. What they learn, they learn from the training split.
//
//	zscore      mean 0 and variance 1: (x − mean) / deviation
//	minmax      the smallest is 0, the largest 1; later rows may lie outside
//	robust      (x − median) / (third − first quartile)
//	log1p       log(1 + x), for numbers of 0 or more with a long tail
//	log_zscore  zscore of log(x), for positive numbers
//	log1p_zscore zscore of log(1 + x), for numbers of 0 or more with a long tail
//	quantile    by the rank in the training split, as normally distributed: see Quantiles
//	none        as it is
var Scalings = map[string]func(numbers []float64) Scaling{
	"zscore": zscore,
	"minmax": func(x []float64) Scaling { return Scaling{Shift: slices.Min(x), Scale: slices.Max(x) - slices.Min(x)} },
	"robust": func(x []float64) Scaling {
		slices.Sort(x)
		return Scaling{Shift: quantile(x, 0.5), Scale: quantile(x, 0.75) - quantile(x, 0.25)}
	},
	"log1p":        func([]float64) Scaling { return Scaling{Log: "log1p", Scale: 1} },
	"log_zscore":   func(x []float64) Scaling { return zscoreOf("log", x) },
	"log1p_zscore": func(x []float64) Scaling { return zscoreOf("log1p", x) },
	"quantile": func(x []float64) Scaling {
		if q := fitQuantiles(x); q != nil {
			return Scaling{Scale: 1, Quantiles: q}
		}
		return Scaling{Shift: x[0]}
	},
	"none": func([]float64) Scaling { return Scaling{Scale: 1} },
}

// ScalingWords is the oneof tag of normalize; a test compares it with the table.
const ScalingWords = "zscore|minmax|robust|log1p|log_zscore|log1p_zscore|quantile|none"

// fitScaling learns a scaling from numbers, which it may reorder. Numbers that are all the same get scale 1.
func fitScaling(normalize string, numbers []float64) (s Scaling, constant bool) {
	if len(numbers) == 0 {
		return Scaling{Scale: 1}, true
	}
	s = Scalings[normalize](numbers)
	if !(s.Scale > 0) || math.IsInf(s.Scale, 0) {
		s.Scale, constant = 1, true
	}
	return s, constant
}

func zscore(x []float64) Scaling {
	mean := mean(x)
	sum := 0.0
	for _, v := range x {
		d := v - mean
		sum = math.FMA(d, d, sum)
	}
	scale := math.Sqrt(sum / float64(len(x)))
	if scale <= 1e-12*math.Abs(mean) { // all numbers are equal, but for rounding
		scale = 0
	}
	return Scaling{Shift: mean, Scale: scale}
}

// zscoreOf is zscore after a logarithm. Numbers without one are skipped (encoding reports them).
func zscoreOf(log string, x []float64) Scaling {
	s := Scaling{Log: log}
	logs := x[:0]
	for _, v := range x {
		if l, ok := s.log(v); ok {
			logs = append(logs, l)
		}
	}
	if len(logs) == 0 {
		return s
	}
	z := zscore(logs)
	return Scaling{Log: log, Shift: z.Shift, Scale: z.Scale}
}

func mean(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// quantile of sorted numbers, interpolated linearly.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := float64(q * float64(len(sorted)-1)) // rounded here, so that the subtraction below is not fused with it
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return math.FMA(at-float64(i), sorted[i+1]-sorted[i], sorted[i])
}

func (s *Scaling) log(x float64) (float64, bool) {
	switch s.Log {
	case "log":
		return exact.Log(x), x > 0
	case "log1p":
		return exact.Log1p(x), x > -1
	}
	return x, true
}

// Apply scales a number from its unit.
func (s *Scaling) Apply(x float64) (float32, error) {
	if s.Quantiles != nil {
		return float32(s.Quantiles.score(x)), nil
	}
	l := x
	if s.Log != "" {
		var ok bool
		if l, ok = s.log(x); !ok {
			limit := "0"
			if s.Log == "log1p" {
				limit = "-1"
			}
			return 0, fmt.Errorf("%v has no logarithm: normalize expects numbers above %s", x, limit)
		}
	}
	y := float32((l - s.Shift) / s.Scale)
	if y > math.MaxFloat32 || y < -math.MaxFloat32 {
		if s.Log == "" && math.Abs(x) < math.MaxFloat32 {
			return 0, fmt.Errorf("%v is too far from the numbers of the training split, which are %s give or take %s", x, phrase.Number(s.Shift), phrase.Number(s.Scale))
		}
		return 0, fmt.Errorf("%v is too large", x)
	}
	return y, nil
}

// holdsFill requires a scale for the number that fills gaps; without one, each gap would be a mistake.
func (f *Fitting) holdsFill(key string, fill float64, s *Scaling) bool {
	_, err := s.Apply(fill)
	if err != nil {
		f.Problem(key, "fills gaps with %v, but %v", fill, err)
	}
	return err == nil
}

// Undo denormalizes a number: it returns it in its unit.
func (s *Scaling) Undo(y float64) float64 {
	if s.Quantiles != nil {
		x, _ := s.Quantiles.undo(y)
		return x
	}
	x := math.FMA(y, s.Scale, s.Shift)
	switch s.Log {
	case "log":
		return exact.Exp(x)
	case "log1p":
		return exact.Exp(x) - 1
	}
	return x
}

// Shown is Undo without the digits that float32 does not hold.
func (s *Scaling) Shown(y float64) float64 {
	x, size := s.Undo(y), math.Max(math.Abs(s.Shift), s.Scale)
	switch {
	case s.Log != "":
		size = math.Abs(x)
	case s.Quantiles != nil:
		_, size = s.Quantiles.undo(y)
	}
	if size = math.Max(size, math.Abs(x)); size == 0 || math.IsInf(size, 0) || size != size {
		return x
	}
	digits := 5 - int(math.Floor(math.Log10(size))) // decimals
	text := strconv.FormatFloat(x, 'f', max(0, digits), 64)
	if rounded, err := strconv.ParseFloat(text, 64); err == nil {
		return rounded + 0 // no -0
	}
	return x
}
