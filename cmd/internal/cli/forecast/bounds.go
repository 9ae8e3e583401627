package forecast

import (
	"math"

	"dnn/cmd/internal/cli/output"
	"dnn/pkg/model"
)

// bounds are the intervals around the steps that a model predicts at once, and the levels of its loss. Errors of later steps,
// which follow from predictions, were never measured.
type bounds struct {
	list    []model.Interval
	shares  []float64   // of the levels but the one that is predicted
	values  [][]float64 // by level, of all series: step by step of each column
	horizon int
	width   int
}

func newBounds(n *model.Network) *bounds {
	b := &bounds{list: n.Tuning.Intervals(0), horizon: max(1, n.Heads[0].Horizon), width: n.Heads[0].Width}
	for i, share := range model.Levels(n) {
		if i != model.CentralLevel(n) {
			b.shares = append(b.shares, share)
		}
	}
	b.values = make([][]float64, len(b.shares))
	return b
}

// take takes the levels of the next series.
func (b *bounds) take(values [][]float64) {
	for i := range b.values {
		b.values[i] = append(b.values[i], values[i]...)
	}
}

// names are those of the columns that follow one of the forecast.
func (b *bounds) names(column string) (names []string) {
	for _, share := range b.shares {
		names = append(names, model.LevelName(column, share))
	}
	for _, i := range b.list {
		low, high := i.Bounds(column)
		names = append(names, low, high)
	}
	return names
}

// words are their fields for a step of the k-th column of a series, empty beyond the horizon.
func (b *bounds) words(series, k, step int, x float64) (words []string) {
	for _, values := range b.values {
		if step >= b.horizon {
			words = append(words, "")
			continue
		}
		words = append(words, string(output.AppendNumber(nil, values[series*b.width+k*b.horizon+step])))
	}
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

// around are the bounds of the widest interval of the first series, step by step, for drawing: between the outermost levels, where
// there is no other.
func (b *bounds) around(k int, ahead []float64) (low, high []float64) {
	for step, x := range ahead {
		least, most := math.NaN(), math.NaN()
		switch from, to := b.outermost(); {
		case step >= b.horizon:
		case len(b.list) > 0:
			w := b.list[len(b.list)-1].Widths[k*b.horizon+step]
			least, most = x-w, x+w
		case from != to:
			least, most = b.values[from][k*b.horizon+step], b.values[to][k*b.horizon+step]
		default:
			return nil, nil
		}
		low, high = append(low, least), append(high, most)
	}
	return low, high
}

// outermost are the places of the lowest and of the highest level, the same where there are not two.
func (b *bounds) outermost() (from, to int) {
	for i, share := range b.shares {
		if share < b.shares[from] {
			from = i
		}
		if share > b.shares[to] {
			to = i
		}
	}
	return from, to
}

// coverage is that of what around gives, 0 without.
func (b *bounds) coverage() float64 {
	if len(b.list) > 0 {
		return b.list[len(b.list)-1].Coverage
	}
	if from, to := b.outermost(); from != to {
		return b.shares[to] - b.shares[from]
	}
	return 0
}
