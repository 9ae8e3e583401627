package model

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dnn/pkg/metrics"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// checkScores holds metrics and the monitored figure against the heads.
func (j *Job) checkScores(p *spec.Problems) {
	for k, h := range j.Heads {
		if h.Known() && !p.Under("dataset.target") { // else the target may be another
			checkMetrics(metricsPath(&j.Config.Metrics, h.Name), j.Metrics(k), h, p)
		}
	}
	j.checkMonitor(p)
	checkLosses(j, p)
}

// checkLosses looks up the figures that a compressed model must keep.
func checkLosses(j *Job, p *spec.Problems) {
	c := j.Config.Compress
	if c == nil || len(c.MaxLossOf) == 0 || p.Under("dataset") || p.Under("metrics") {
		return
	}
	if j.Data.Validation == nil {
		p.Add("compress.max_loss_of", "is decided on the validation split, and there is none")
		return
	}
	var known []string
	for _, name := range j.figures(p) {
		if name, ok := strings.CutPrefix(name, "validation_"); ok {
			known = append(known, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.MaxLossOf)) {
		if !slices.Contains(known, name) {
			p.AddKey("compress.max_loss_of."+name, "no figure is called %q%s", name, spec.DidYouMean(name, known))
		}
	}
}

// checkMetrics notes metrics that do not fit the head, those for the same reason together.
func checkMetrics(path string, list []metrics.Metric, head task.Head, p *spec.Problems) {
	alike := map[string][]string{} // the metrics by what is wrong with them
	first, told := map[string]int{}, make([]string, len(list))
	for i, m := range list {
		if m == nil {
			continue
		}
		if err := m.Fits(head); err != nil {
			why := err.Error()
			if misfit := (*metrics.Misfit)(nil); errors.As(err, &misfit) {
				why = misfit.Why
			}
			if alike[why] = append(alike[why], spec.KeyOf(m)); len(alike[why]) == 1 {
				first[why] = i
			}
		}
	}
	for why, keys := range alike {
		text := keys[0] + " " + why
		if len(keys) > 1 {
			text += "; so it is with " + strings.Join(keys[1:], ", ")
		}
		told[first[why]] = text
	}
	for i, text := range told {
		if text != "" {
			p.Add(fmt.Sprintf("%s[%d]", path, i), "%s", text)
		}
	}
}

// checkMonitor looks the monitored figure up among those that there are, or, when mistakes keep some of the metrics from
// being known, among those that there may be.
func (j *Job) checkMonitor(p *spec.Problems) {
	path, name := "train.monitor", j.Config.Train.Monitor
	if s := j.Config.Train.EarlyStopping; s != nil && s.Monitor != "" {
		path = "train.early_stopping.monitor"
	}
	known := j.figures(p)
	if slices.Contains(known, name) {
		return
	}
	if p.Under("metrics") || !j.anyMetrics() {
		word, _, _ := strings.Cut(strings.TrimPrefix(name, "validation_"), "_")
		begins := func(key string) bool { return key == word || strings.HasPrefix(key, word+"_") }
		if slices.ContainsFunc(metrics.Registry.Keys(), begins) {
			return
		}
	}
	p.Add(path, "no figure is called %q%s", name, spec.DidYouMean(name, known))
}

// figures lists what can be monitored. Data with mistakes may have a validation split.
func (j *Job) figures(p *spec.Problems) []string {
	names := []string{"training_loss"}
	if j.Data.Validation == nil && !p.Under("dataset") {
		return names
	}
	names = append(names, "validation_loss")
	for k := range j.Heads {
		if len(j.Heads) > 1 {
			names = append(names, "validation_"+j.Figure(k, "loss"))
		}
		list := slices.DeleteFunc(slices.Clone(j.Metrics(k)), func(m metrics.Metric) bool { return m == nil })
		for i, name := range metrics.Names(list) {
			if list[i].Goal() != metrics.NoGoal {
				names = append(names, "validation_"+j.Figure(k, name))
			}
		}
	}
	return names
}

// HigherIsBetter tells in which direction the monitored figure improves.
func (n *Network) HigherIsBetter() bool {
	name, ok := strings.CutPrefix(n.Config.Train.Monitor, "validation_")
	return ok && Rises(n, name)
}

// Rises reports whether a better model has a higher value of a figure, called as in scores: accuracy, species_accuracy.
func Rises(n *Network, figure string) bool {
	for k := range n.Heads {
		list := n.Metrics(k)
		for i, name := range metrics.Names(list) {
			if n.Figure(k, name) == figure {
				return metrics.HigherIsBetter(list[i])
			}
		}
	}
	return false
}
