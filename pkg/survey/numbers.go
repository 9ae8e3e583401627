package survey

import (
	"math"
	"slices"

	"dnn/pkg/dataset/table"
)

// Numbers is what was seen of a column of numbers.
type Numbers struct {
	Low, High float64
	Mean      float64
	Deviation float64
	Skew      float64   // the third standardized moment
	Whole     bool      // all are whole
	Of        []float64 // by row; NaN for a gap
}

func newNumbers(t *table.Table, c *table.Column) *Numbers {
	n := &Numbers{Low: math.Inf(1), High: math.Inf(-1), Whole: true, Of: make([]float64, t.Rows)}
	sum, count := 0.0, 0
	for row := range int32(t.Rows) {
		x, ok := c.Number(row)
		if !ok {
			n.Of[row] = math.NaN()
			continue
		}
		n.Of[row] = x
		n.Low, n.High = min(n.Low, x), max(n.High, x)
		n.Whole = n.Whole && x == math.Trunc(x)
		sum, count = sum+x, count+1
	}
	if count == 0 {
		n.Low, n.High, n.Whole = 0, 0, false
		return n
	}
	n.Mean = sum / float64(count)
	var second, third float64
	for _, x := range n.Of {
		if d := x - n.Mean; d == d {
			second += d * d
			third += d * d * d
		}
	}
	n.Deviation = math.Sqrt(second / float64(count))
	if n.Deviation > 0 {
		n.Skew = third / float64(count) / (n.Deviation * n.Deviation * n.Deviation)
	}
	return n
}

// Positive reports whether all numbers are above 0.
func (n *Numbers) Positive() bool { return n.Low > 0 }

// Median is that of the numbers.
func (n *Numbers) Median() float64 {
	sorted := slices.DeleteFunc(slices.Clone(n.Of), math.IsNaN)
	if len(sorted) == 0 {
		return 0
	}
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}
