package report

import (
	"cmp"
	"slices"

	"dnn/internal/plot"
	"dnn/pkg/metrics"
	"dnn/pkg/task"
)

// rankings collects the probabilities of each class, and the classes of rows.
type rankings struct {
	task  task.Head
	said  [][]float64 // by class; of a binary the positive one
	class []int
}

// mostRanked is how many classes are kept: plots show fewer.
const mostRanked = 100

// newRankings collects for heads with one class a row; nil for others.
func newRankings(h task.Head) *rankings {
	switch {
	case h.Sequence() || h.Kind != task.Binary && h.Kind != task.Category || h.Width > mostRanked:
		return nil
	}
	return &rankings{task: h, said: make([][]float64, h.Width)}
}

func (r *rankings) add(b metrics.Batch) {
	if r == nil {
		return
	}
	for i, p := range b.Pred {
		r.said[i%len(r.said)] = append(r.said[i%len(r.said)], p)
	}
	r.class = append(r.class, b.Class...)
}

// plot is the plot of the classes, those with the most rows first.
func (r *rankings) plot(title string, threshold float64) plot.Probabilities {
	p := plot.Probabilities{Title: title, Threshold: threshold}
	rows := make([]int, len(r.said))
	order := make([]int, len(r.said))
	for k := range order {
		order[k] = k
	}
	for _, c := range r.class {
		if len(r.said) > 1 {
			rows[c]++
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rows[b], rows[a]) })
	for _, k := range order {
		one, own := plot.Ranking{Name: r.task.Classes[k], Said: r.said[k]}, k
		if r.task.Kind == task.Binary {
			one.Name, own = r.task.Classes[1], 1
		}
		for _, c := range r.class {
			one.Is = append(one.Is, c == own)
		}
		p.Classes = append(p.Classes, one)
	}
	return p
}
