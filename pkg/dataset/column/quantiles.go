package column

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"slices"
)

// mostKnots is how many quantiles of a column are kept at most.
const mostKnots = 1000

// Quantiles map numbers to a normal distribution by their ranks in the training split (the rank-based inverse normal transformation:
// van der Waerden 1952; as QuantileTransformer of scikit-learn with output_distribution="normal", but for the ends, which that puts
// at ±5.2). Of n sorted numbers, K = min(n, 1000) evenly spaced ones are knots, and knot k of 0 … K−1 goes to
//
//	z_k = Φ⁻¹((k + ½) / K)
//
// where Φ is the normal distribution function. Equal knots are one, at the mean of their k. Between two knots the map is linear,
// and beyond the ends it is that of the end. Both x and z rise from knot to knot, so that the inverse is a map of the same kind, and
// exact between the ends.
type Quantiles struct {
	knots []knot
}

type knot struct{ x, z float64 }

// fitQuantiles learns the map; nil if all numbers are the same.
func fitQuantiles(numbers []float64) *Quantiles {
	slices.Sort(numbers)
	count := min(len(numbers), mostKnots)
	if count < 2 || numbers[0] == numbers[len(numbers)-1] {
		return nil
	}
	at := func(k int) float64 { return numbers[(k*(len(numbers)-1)+(count-1)/2)/(count-1)] } // of the nearest rank
	q := &Quantiles{}
	for from := 0; from < count; {
		to := from + 1
		for to < count && at(to) == at(from) {
			to++
		}
		q.knots = append(q.knots, knot{at(from), probit(float64(from+to) / float64(2*count))})
		from = to
	}
	return q
}

// probit is Φ⁻¹. It is rounded, since its last bits are not the same on all processors.
func probit(p float64) float64 { return math.Round(math.Sqrt2*math.Erfinv(2*p-1)*1e6) / 1e6 }

// score maps a number.
func (q *Quantiles) score(x float64) float64 {
	i, found := slices.BinarySearchFunc(q.knots, x, func(k knot, x float64) int { return cmp.Compare(k.x, x) })
	switch {
	case found:
		return q.knots[i].z
	case i == 0:
		return q.knots[0].z
	case i == len(q.knots):
		return q.knots[i-1].z
	}
	a, b := q.knots[i-1], q.knots[i]
	return math.FMA((x-a.x)/(b.x-a.x), b.z-a.z, a.z)
}

// undo is the inverse of score. The width is how far the two knots around the number lie apart.
func (q *Quantiles) undo(z float64) (x, width float64) {
	i, _ := slices.BinarySearchFunc(q.knots, z, func(k knot, z float64) int { return cmp.Compare(k.z, z) })
	i = min(max(i, 1), len(q.knots)-1)
	a, b := q.knots[i-1], q.knots[i]
	share := min(max((z-a.z)/(b.z-a.z), 0), 1)
	return math.FMA(share, b.x-a.x, a.x), b.x - a.x
}

// MarshalJSON writes the knots as pairs [x, z].
func (q *Quantiles) MarshalJSON() ([]byte, error) {
	pairs := make([][2]float64, len(q.knots))
	for i, k := range q.knots {
		pairs[i] = [2]float64{k.x, k.z}
	}
	return json.Marshal(pairs)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (q *Quantiles) UnmarshalJSON(data []byte) error {
	var pairs [][2]float64
	if err := json.Unmarshal(data, &pairs); err != nil {
		return err
	}
	if len(pairs) < 2 {
		return errors.New("quantiles: expected two knots or more")
	}
	q.knots = make([]knot, len(pairs))
	for i, p := range pairs {
		q.knots[i] = knot{p[0], p[1]}
		if i > 0 && !(p[0] > pairs[i-1][0] && p[1] > pairs[i-1][1]) {
			return errors.New("quantiles: expected knots that rise")
		}
	}
	return nil
}
