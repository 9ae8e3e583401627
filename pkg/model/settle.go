package model

import (
	"slices"
	"strings"

	"dnn/pkg/dataset"
	"dnn/pkg/metrics"
	"dnn/pkg/spec"
	"dnn/pkg/task"
	"dnn/pkg/train/loss"
)

// checkNames notes, in a section that is given by targets or once, targets that there are not, and one value for several
// heads.
func (j *Job) checkNames(section string, names []string, once bool, p *spec.Problems) {
	var heads []string
	for _, h := range j.Heads {
		if h.Name == "" { // a mistake keeps it from being known
			return
		}
		heads = append(heads, h.Name)
	}
	if len(heads) == 1 && len(names) > 0 && len(j.Heads[0].Columns) > 1 {
		p.Add(section, "is a mapping by target, but one output is for all targets (%s): give each a layer of its own (head: %s), or one value here", strings.Join(j.Heads[0].Columns, ", "), heads[0])
		return
	}
	for _, name := range names {
		if !slices.Contains(heads, name) {
			p.AddKey(section+"."+name, "no target is called %q%s", name, p.DidYouMean(name, func() []string { return heads }))
		}
	}
	if once && len(heads) > 1 {
		p.Add(section, "is given once, and the net has %d targets: give each its own, as in %s: {%s: …, %s: …}", len(heads), section, heads[0], heads[1])
	}
}

// settle returns a spec with what it leaves open to the heads and the data: the usual losses, metrics and length, and the figure to
// monitor. What a mistake keeps from being known stays open.
func settle(asked *Config, heads []task.Head, data *dataset.Data, p *spec.Problems) *Config {
	c := *asked
	c.Loss, c.Metrics = settledLosses(asked.Loss, heads, p), settledMetrics(asked.Metrics, heads, p)
	rows, validation := 0, data.Validation != nil && data.Validation.Rows() > 0
	if data.Train != nil {
		rows = data.Train.Rows()
	}
	c.Train = asked.Train.withLength(rows, validation)
	if c.Train.Monitor == "" {
		c.Train.Monitor = "training_loss"
		if validation {
			c.Train.Monitor = "validation_loss"
		}
	}
	return &c
}

// settledLosses gives the heads without a loss the usual one.
func settledLosses(c Losses, heads []task.Head, p *spec.Problems) Losses {
	if c.One != nil || p.At("loss") || p.Under("loss") && len(heads) == 1 {
		return c
	}
	single := len(heads) == 1 && c.Names == nil
	c.Names, c.Each = slices.Clone(c.Names), slices.Clone(c.Each)
	for _, h := range heads {
		switch {
		case !h.Known(), slices.Contains(c.Names, h.Name):
		case single:
			c.One = usualLoss(h)
		default:
			c.Names, c.Each = append(c.Names, h.Name), append(c.Each, HeadLoss{usualLoss(h), 1})
		}
	}
	return c
}

func usualLoss(h task.Head) loss.Loss { return spec.New[loss.Loss](loss.Default(h)) }

// settledMetrics gives the heads without metrics the usual ones.
func settledMetrics(c Metrics, heads []task.Head, p *spec.Problems) Metrics {
	if len(c.One) > 0 || p.At("metrics") {
		return c
	}
	single := len(heads) == 1 && c.Names == nil
	c.Names, c.Each = slices.Clone(c.Names), slices.Clone(c.Each)
	for _, h := range heads {
		at := slices.Index(c.Names, h.Name)
		switch {
		case !h.Known(), p.Under(metricsPath(&c, h.Name)):
		case at >= 0 && len(c.Each[at]) > 0:
		case at >= 0: // an empty list
			c.Each[at] = metrics.Default(h)
		case single:
			c.One = metrics.Default(h)
		default:
			c.Names, c.Each = append(c.Names, h.Name), append(c.Each, metrics.Default(h))
		}
	}
	return c
}

// lossToCheck is the loss that head k is checked with, nil where a mistake keeps it from being known, and whether the spec asks
// for it. One loss for several heads is a mistake that was noted; then the usual ones are checked.
func (j *Job) lossToCheck(k int, asked *Losses) (l loss.Loss, given bool) {
	h := j.Heads[k]
	switch {
	case !h.Known():
		return nil, false
	case asked.One != nil && len(j.Heads) > 1:
		return usualLoss(h), false
	}
	l, _ = j.Loss(k)
	return l, asked.One != nil || slices.Contains(asked.Names, h.Name)
}

// withNaiveErrors are data and heads with the errors of the naive forecasts that metrics compare with.
func (j *Job) withNaiveErrors() (*dataset.Data, []task.Head) {
	seasonal := func(k int) (list []int) {
		for _, m := range j.Metrics(k) {
			if s, ok := m.(interface{ Seasonal() int }); ok {
				list = append(list, s.Seasonal())
			}
		}
		return list
	}
	var seasons []int
	for k := range j.Heads {
		seasons = append(seasons, seasonal(k)...)
	}
	data, heads := j.Data.WithNaiveErrors(seasons), slices.Clone(j.Heads)
	for k := range heads {
		if len(seasonal(k)) > 0 && data.Schema != nil {
			heads[k].Training.NaiveErrors = data.Schema.Heads[k].Training.NaiveErrors
		}
	}
	return data, heads
}

// metricsPath is where the metrics of a head are in the spec.
func metricsPath(c *Metrics, head string) string {
	if slices.Contains(c.Names, head) {
		return "metrics." + head
	}
	return "metrics"
}

// anyMetrics reports whether any head has metrics.
func (j *Job) anyMetrics() bool {
	for k := range j.Heads {
		if len(j.Metrics(k)) > 0 {
			return true
		}
	}
	return false
}
