package model

import (
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/metrics"
	"dnn/pkg/spec"
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
			p.AddKey(section+"."+name, "no target is called %q%s", name, spec.DidYouMean(name, heads))
		}
	}
	if once && len(heads) > 1 {
		p.Add(section, "is given once, and the net has %d targets: give each its own, as in %s: {%s: …, %s: …}", len(heads), section, heads[0], heads[1])
	}
}

// settleLosses gives the heads without a loss the usual one, and calls check for each, which is told whether the spec gave it.
// One loss for several heads is a mistake that was noted; then the usual ones are checked.
func (j *Job) settleLosses(check func(k int, l loss.Loss, given bool), p *spec.Problems) {
	c := &j.Config.Loss
	once := c.One != nil && len(j.Heads) > 1
	for k, h := range j.Heads {
		if !h.Known() {
			continue
		}
		l, _ := j.Loss(k)
		given := l != nil && !once
		switch {
		case once:
			l = spec.New[loss.Loss](loss.Default(h))
		case given, p.At("loss"), slices.Contains(c.Names, h.Name), p.Under("loss") && len(j.Heads) == 1:
		case len(j.Heads) == 1 && c.Names == nil:
			l = spec.New[loss.Loss](loss.Default(h))
			c.One = l
		default:
			l = spec.New[loss.Loss](loss.Default(h))
			c.Names, c.Each = append(c.Names, h.Name), append(c.Each, HeadLoss{l, 1})
		}
		if l != nil {
			check(k, l, given)
		}
	}
}

// settleMetrics gives the heads without metrics the usual ones.
func (j *Job) settleMetrics(p *spec.Problems) {
	c := &j.Config.Metrics
	for k, h := range j.Heads {
		switch {
		case !h.Known(), len(j.Metrics(k)) > 0, p.At("metrics"), p.Under(j.metricsPath(k)):
		case len(j.Heads) == 1 && c.Names == nil:
			c.One = metrics.Default(h)
		case slices.Contains(c.Names, h.Name): // an empty list
			c.Each[slices.Index(c.Names, h.Name)] = metrics.Default(h)
		default:
			c.Names, c.Each = append(c.Names, h.Name), append(c.Each, metrics.Default(h))
		}
	}
}

// metricsPath is where the metrics of head k are in the spec.
func (j *Job) metricsPath(k int) string {
	if slices.Contains(j.Config.Metrics.Names, j.Heads[k].Name) {
		return fmt.Sprintf("metrics.%s", j.Heads[k].Name)
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
