package draft

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/survey"
)

const (
	leastSteps = 16   // columns that may be a series
	smoothness = 0.15 // squared differences of neighbours, of those of any two steps: white noise has 1
)

// findSeries finds a series that lies across the columns: numbers whose names count up, which change little from one to the next.
// nil unless all inputs belong to it.
func findSeries(s *survey.Table) []*survey.Column {
	var list []*survey.Column
	last := 0
	for _, c := range s.Seen {
		if c == s.Target {
			continue
		}
		digits := len(c.Name) - len(strings.TrimRight(c.Name, "0123456789"))
		n, err := strconv.Atoi(c.Name[len(c.Name)-digits:])
		if c.Type != "number" || err != nil || len(list) > 0 && n != last+1 {
			return nil
		}
		list, last = append(list, c), n
	}
	if len(list) < leastSteps || roughness(list, s.Rows) > smoothness {
		return nil
	}
	return list
}

// roughness is the mean squared difference of neighbours in the rows, divided by that of any two numbers of a row.
func roughness(list []*survey.Column, rows int) float64 {
	near, far := 0.0, 0.0
	for row := range min(rows, 1000) {
		sum, squares, count := 0.0, 0.0, 0.0
		for i, c := range list {
			x := c.Numbers.Of[row]
			if math.IsNaN(x) {
				continue
			}
			sum, squares, count = sum+x, squares+x*x, count+1
			if i > 0 && !math.IsNaN(list[i-1].Numbers.Of[row]) {
				step := x - list[i-1].Numbers.Of[row]
				near += step * step / 2
			}
		}
		if count > 0 {
			far += squares - sum*sum/count
		}
	}
	if far <= 0 {
		return math.Inf(1)
	}
	return near / far
}

// series drafts a net for rows that each are a series.
func (d *tabular) series(steps []*survey.Column) error {
	s, t := d.seen, d.target
	first, last := steps[0].Name, steps[len(steps)-1].Name
	d.about = fmt.Sprintf("Predicts %s from series of %s, one in each row.", t.Name, phrase.Count(len(steps), "step"))
	d.see("series   %s to %s: each row is a series of %s", first, last, phrase.Count(len(steps), "step"))
	d.dataset.add("inputs:")
	if pattern := globOf(steps, s); pattern != "" {
		d.dataset.in(2, "- {name: series, columns: %q, type: series}", pattern).note("%s, one for each step", phrase.Count(len(steps), "column"))
	} else {
		d.dataset.in(2, "- name: series")
		d.dataset.wrapped(4, "columns", steps)
		d.dataset.in(4, "type: series")
	}
	return d.seriesNet(len(steps))
}

// listedSeries drafts a net for the series of an array, one in each row.
func (d *tabular) listedSeries() error {
	d.about = fmt.Sprintf("Predicts %s from series of %s, one in each row.", d.target.Name, phrase.Count(d.steps, "step"))
	d.dataset.add("inputs: [{column: series, type: series}]").note("%s in each row", phrase.Count(d.steps, "step"))
	return d.seriesNet(d.steps)
}

// seriesNet writes the target, splits and a net of convolutions over steps.
func (d *tabular) seriesNet(steps int) error {
	text, comment := d.target.setting()
	d.dataset.add("%s", text).note("%s", comment)
	n := d.split()
	kernels := [3]int{7, 5, 3}
	if steps < 40 {
		kernels = [3]int{5, 3, 3}
	}
	for i, filters := range [3]int{64, 128, 64} {
		d.layers.add("- {type: conv1d, filters: %d, kernel: %d, padding: same, bias: false}", filters, kernels[i])
		d.layers.add("- batch_norm")
		d.layers.add("- {type: activation, function: relu}")
	}
	d.layers.add("- global_avg_pool1d").note("the mean over all steps")
	d.layers.add("- {type: dropout, rate: 0.2}")
	d.head()
	d.training(n, recipe{rate: 0.003, decay: 0.01, batch: 16, updates: 1200, patience: 50})
	return nil
}
