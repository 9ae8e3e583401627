package forecast

import (
	"math"

	"dnn/cmd/internal/cli/output"
	"dnn/pkg/model"
)

// bounds are the intervals around the steps that a model predicts at once. Errors of later steps, which follow from predictions,
// were never measured.
type bounds struct {
	list    []model.Interval
	horizon int
}

func newBounds(n *model.Network) *bounds {
	return &bounds{n.Tuning.Intervals(0), max(1, n.Heads[0].Horizon)}
}

// names are those of the columns that follow one of the forecast.
func (b *bounds) names(column string) (names []string) {
	for _, i := range b.list {
		low, high := i.Bounds(column)
		names = append(names, low, high)
	}
	return names
}

// words are their fields for a step of the k-th column, empty beyond the horizon.
func (b *bounds) words(k, step int, x float64) (words []string) {
	for _, i := range b.list {
		if step >= b.horizon {
			words = append(words, "", "")
			continue
		}
		w := i.Widths[k*b.horizon+step]
		words = append(words, string(output.AppendNumber(nil, x-w)), string(output.AppendNumber(nil, x+w)))
	}
	return words
}

// around are the bounds of the widest interval, step by step, for drawing.
func (b *bounds) around(k int, ahead []float64) (low, high []float64) {
	if len(b.list) == 0 {
		return nil, nil
	}
	widest := b.list[len(b.list)-1]
	for step, x := range ahead {
		w := math.NaN()
		if step < b.horizon {
			w = widest.Widths[k*b.horizon+step]
		}
		low, high = append(low, x-w), append(high, x+w)
	}
	return low, high
}

// coverage is that of the widest, 0 without.
func (b *bounds) coverage() float64 {
	if len(b.list) == 0 {
		return 0
	}
	return b.list[len(b.list)-1].Coverage
}
