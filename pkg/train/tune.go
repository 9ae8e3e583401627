package train

import (
	"math"
	"slices"

	"dnn/internal/exact"
	"dnn/internal/phrase"
	"dnn/pkg/infer"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// Tune fits what train.calibration, train.threshold and train.intervals ask for to the predictions of the best weights for the
// validation split, and writes it into their file; nil where nothing is asked for. Warnings are in the notes.
func Tune(t *Trainer) (list model.Tunings, notes spec.Notes, err error) {
	asked := &t.job.Config.Train.TuningSettings
	if !asked.Asked() || t.job.Data.Validation == nil {
		return nil, nil, nil
	}
	f, err := model.Load(t.path(BestFile))
	if err != nil {
		return nil, nil, err
	}
	model.Tune(f.Net, nil) // what an earlier process fitted
	tuning := make(model.Tunings, len(f.Net.Heads))
	if asked.Calibration == "temperature" {
		seen, err := predicted(t, f)
		if err != nil {
			return nil, nil, err
		}
		for k := range f.Net.Heads {
			if model.Calibrates(f.Net, k) {
				tuning[k].Temperature, tuning[k].Loss = temperature(f.Net.Heads[k].Kind, seen[k])
				warnFew("train.calibration", "the temperature", f.Net.Heads[k], seen[k], &notes)
			}
		}
		model.Tune(f.Net, tuning)
	}
	seen, err := predicted(t, f)
	if err != nil {
		return nil, nil, err
	}
	for k := range f.Net.Heads {
		switch h := f.Net.Heads[k]; {
		case h.Kind == task.Binary && asked.Threshold != nil && !h.Sequence() && alike(seen[k].Class):
			notes.Warn("train.threshold", "all rows of the validation split are of one class, which says nothing of thresholds: it stays 0.5")
		case h.Kind == task.Binary && asked.Threshold != nil && !h.Sequence():
			tuning[k].Threshold, tuning[k].Metric = threshold(asked.Threshold.Metric.(metrics.RowMetric), h, seen[k])
			warnFew("train.threshold", "the threshold", h, seen[k], &notes)
		case h.Kind == task.Number:
			tuning[k].Intervals = intervals(asked.Intervals, h.Width, seen[k], &notes)
		}
	}
	model.Tune(f.Net, tuning)
	return tuning, notes, model.Save(f.Path, f.Net, f.State, nil)
}

// leastFitted is how many rows of either class a threshold or a temperature is fitted to without a warning, of several classes how
// many rows.
const leastFitted = 10

// warnFew warns of what was fitted to a handful of rows.
func warnFew(path, what string, h task.Head, b metrics.Batch, notes *spec.Notes) {
	rows, of := b.Rows, ""
	if h.Kind == task.Binary {
		var counts [2]int
		for _, class := range b.Class {
			counts[class]++
		}
		rarer := 1
		if counts[0] < counts[1] {
			rarer = 0
		}
		rows, of = counts[rarer], " of "+h.Classes[rarer]
	}
	if rows < leastFitted {
		notes.Warn(path, "%s is fitted to %s%s in the validation split, and those of other rows may ask for another; dataset.split.validation gives it more", what, phrase.Count(rows, "row"), of)
	}
}

// predicted are the predictions for the validation split by head, with their labels.
func predicted(t *Trainer, f *model.File) ([]metrics.Batch, error) {
	part := t.job.Data.Validation
	if t.opts.Fast {
		part = part.Sample(fastBatches*t.job.Config.Train.BatchSize, t.job.Config.Seed)
	}
	seen := make([]metrics.Batch, len(f.Net.Heads))
	_, err := infer.ScorePart(infer.NewRunner(f.Net, f.State, t.pool, true), part, func(k int, b metrics.Batch) {
		s := &seen[k]
		s.Rows += b.Rows
		s.Pred, s.Class, s.Labels = append(s.Pred, b.Pred...), append(s.Class, b.Class...), append(s.Labels, b.Labels...)
		s.Weight, s.Steps = append(s.Weight, b.Weight...), append(s.Steps, b.Steps...)
	})
	return seen, err
}

// tiniest keeps the logarithm of a probability that float32 rounds to 0 finite.
const tiniest = 1e-37

// temperature finds the number by which scores are divided that makes the log loss smallest. Scores are, but for a constant that
// changes nothing, the logarithms of the probabilities.
func temperature(kind task.Kind, b metrics.Batch) (best float64, change *model.Change) {
	classes := len(b.Pred) / max(1, b.Rows)
	if kind == task.Binary {
		classes = 2
	}
	scores := make([]float64, 0, b.Rows*classes)
	for i := range b.Pred {
		if kind == task.Binary {
			scores = append(scores, exact.Log(max(1-b.Pred[i], tiniest)))
		}
		scores = append(scores, exact.Log(max(b.Pred[i], tiniest)))
	}
	loss := func(temperature float64) float64 {
		sum, weights := 0.0, 0.0
		for i := range b.Rows {
			row, w := scores[i*classes:(i+1)*classes], 1.0
			if b.Weight != nil {
				w = b.Weight[i]
			}
			most, total := slices.Max(row), 0.0
			for _, x := range row {
				total += exact.Exp((x - most) / temperature)
			}
			sum += float64(w * (exact.Log(total) - (row[b.Class[i]]-most)/temperature))
			weights += w
		}
		return sum / weights
	}
	// The loss has one minimum in the inverse temperature: it is convex in it.
	low, high := 0.02, 20.0
	for range 60 {
		a, z := low+(high-low)/3, high-(high-low)/3
		if loss(1/a) <= loss(1/z) {
			high = z
		} else {
			low = a
		}
	}
	best = math.Round(1e4/low) / 1e4 // so that it does not hang on the last bits of the predictions
	return best, &model.Change{Name: "log_loss", Before: loss(1), After: loss(best)}
}

// alike reports whether all rows are of one class.
func alike(classes []int) bool {
	return !slices.ContainsFunc(classes, func(c int) bool { return c != classes[0] })
}

// mostThresholds is how many thresholds are tried at most.
const mostThresholds = 500

// threshold finds the one that makes a metric best: between two predictions that follow one another, or one half. Of several
// equals it takes the one closest to one half.
func threshold(m metrics.RowMetric, h task.Head, b metrics.Batch) (best float64, change *model.Change) {
	value := func(at float64) float64 {
		h.Threshold = at
		a := m.New(h)
		a.Add(b)
		return a.Result().Value
	}
	before := value(0)
	best, after := 0.5, before
	known := slices.Compact(slices.Sorted(slices.Values(b.Pred)))
	for i := range min(mostThresholds, len(known)-1) {
		if len(known) > mostThresholds {
			i = i * (len(known) - 1) / mostThresholds
		}
		at := (known[i] + known[i+1]) / 2
		x := value(at)
		gains := x - after
		if m.Goal() == metrics.Lower {
			gains = -gains
		}
		if gains > 0 || math.IsNaN(after) || gains == 0 && math.Abs(at-0.5) < math.Abs(best-0.5) {
			best, after = at, x
		}
	}
	return best, &model.Change{Name: metrics.Names([]metrics.Metric{m})[0], Before: before, After: after}
}

// intervals are as wide as the errors that the share of the rows does not exceed, of n rows the ⌈(n+1)·share⌉-th smallest: then
// that share of new rows, which come from where these do, lies within on average.
//
// Source: Papadopoulos et al. 2002; Lei et al. 2018, "Distribution-free predictive inference for regression".
func intervals(shares []float64, width int, b metrics.Batch, notes *spec.Notes) (list []model.Interval) {
	for _, share := range slices.Sorted(slices.Values(shares)) {
		one := model.Interval{Coverage: share}
		at := int(math.Ceil(float64(float64(b.Rows+1)*share)-1e-9)) - 1
		if at >= b.Rows {
			notes.Warn("train.intervals", "%v needs at least %d rows of validation, and there are %d: the interval is as wide as the largest error", share, int(math.Ceil(share/(1-share)-1e-9)), b.Rows)
			at = b.Rows - 1
		}
		for k := range width {
			errors := make([]float64, b.Rows)
			for i := range errors {
				errors[i] = math.Abs(b.Labels[i*width+k] - b.Pred[i*width+k])
			}
			slices.Sort(errors)
			one.Widths = append(one.Widths, errors[at])
		}
		list = append(list, one)
	}
	return list
}
