package plot

import (
	"cmp"
	"slices"

	"dnn/internal/plot/canvas"
)

// ranked are the curves of a ranking.
type ranked struct {
	name                        string
	said                        []float64 // falling
	roc, precision, calibration []canvas.Point
	starts                      []int // by point of roc and of precision, how many rows are predicted positive there
	area, average               float64
}

// Calibration is measured in so many groups of rows at most, each of which has some.
const (
	mostGroups   = 10
	leastInGroup = 10
)

// rank computes the curves; false where all rows are alike.
func rank(of Ranking) (r ranked, ok bool) {
	order := make([]int, 0, len(of.Said))
	positive := 0.0
	for i, p := range of.Said {
		if finite(p) {
			order = append(order, i)
			if of.Is[i] {
				positive++
			}
		}
	}
	negative := float64(len(order)) - positive
	if positive == 0 || negative == 0 {
		return r, false
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(of.Said[b], of.Said[a]) })
	r.name = of.Name
	r.roc, r.precision, r.starts = []canvas.Point{{}}, []canvas.Point{{X: 0, Y: 1}}, []int{0}
	tp, fp := 0.0, 0.0
	for i, row := range order {
		r.said = append(r.said, of.Said[row])
		if of.Is[row] {
			tp++
		} else {
			fp++
		}
		if i+1 < len(order) && of.Said[order[i+1]] == of.Said[row] { // rows that cannot be told apart
			continue
		}
		last := r.roc[len(r.roc)-1]
		now := canvas.Point{X: fp / negative, Y: tp / positive}
		r.area += (now.X - last.X) * (now.Y + last.Y) / 2
		r.average += (now.Y - last.Y) * tp / (tp + fp)
		r.roc = append(r.roc, now)
		r.precision = append(r.precision, canvas.Point{X: now.Y, Y: tp / (tp + fp)})
		r.starts = append(r.starts, i+1)
	}
	r.precision[0].Y = r.precision[1].Y
	r.calibrate(of, order)
	return r, true
}

// calibrate groups rows, of falling probability, by their place in the order.
func (r *ranked) calibrate(of Ranking, order []int) {
	n := len(order)
	groups := max(1, min(mostGroups, n/leastInGroup))
	for g := groups - 1; g >= 0; g-- {
		from, to := g*n/groups, (g+1)*n/groups
		said, is := 0.0, 0.0
		for _, row := range order[from:to] {
			if said += of.Said[row]; of.Is[row] {
				is++
			}
		}
		rows := float64(to - from)
		r.calibration = append(r.calibration, canvas.Point{X: said / rows, Y: is / rows})
	}
}

// at is the point of a curve at a threshold.
func (r *ranked) at(threshold float64, points []canvas.Point) canvas.Point {
	n := 0
	for n < len(r.said) && r.said[n] >= threshold {
		n++
	}
	i := 0
	for i+1 < len(r.starts) && r.starts[i+1] <= n {
		i++
	}
	return points[i]
}
