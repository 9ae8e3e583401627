package model

import (
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/metrics"
	"dnn/pkg/spec"
	"dnn/pkg/task"
	"dnn/pkg/train/loss"
)

// TuningSettings say what is fitted to the predictions of the best weights for the validation split, when a training ends.
type TuningSettings struct {
	Calibration string     `default:"none" oneof:"none|temperature" doc:"temperature divides the scores of classes by one number, so that probabilities are as often right as they say; it is fitted on the validation split and changes no ranking"`
	Threshold   *Threshold `doc:"choose the probability from which on a binary target is positive: the one with the best metric on the validation split (default: one half)"`
	Intervals   []float64  `default:"[]" range:"(0,1)" doc:"shares of the rows whose number shall lie within an interval around the prediction, such as [0.8, 0.95]; as wide as the errors on the validation split (split conformal prediction). dnn predict and dnn forecast write the bounds"`
}

// Threshold says how the threshold of a binary target is chosen.
type Threshold struct {
	Metric metrics.Metric `default:"f1" doc:"metric that the threshold makes best"`
}

type plainThreshold Threshold

// UnmarshalSpec reads a mapping, or the metric alone.
func (t *Threshold) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	n.Widen("metric")
	if _, ok := n.Scalar(); ok {
		n.Into(&t.Metric, p)
		return
	}
	n.Into((*plainThreshold)(t), p)
}

// DescribeSpec says what it is.
func (Threshold) DescribeSpec() string { return "metric | mapping" }

// Tuning is what was fitted to the predictions of a head for the validation split.
type Tuning struct {
	Temperature float64    `json:"temperature,omitempty"` // by which the scores of classes are divided; 0: nothing was fitted
	Threshold   float64    `json:"threshold,omitempty"`   // of a binary; 0: one half
	Intervals   []Interval `json:"intervals,omitempty"`   // of numbers, ascending
	Loss        *Change    `json:"log_loss,omitempty"`    // by the temperature
	Metric      *Change    `json:"metric,omitempty"`      // by the threshold
}

// Change is a figure of the validation split without and with what was fitted.
type Change struct {
	Name   string  `json:"name"`
	Before float64 `json:"before"`
	After  float64 `json:"after"`
}

// Interval is how far labels lie from predictions at most, in a share of the rows.
type Interval struct {
	Coverage float64   `json:"coverage"`
	Widths   []float64 `json:"widths"` // one for each column, in its unit: the prediction plus or minus it
}

// Bounds are what the columns of its bounds are called.
func (i Interval) Bounds(column string) (low, high string) {
	share := fmt.Sprintf("%.6g", 100*i.Coverage)
	return column + "_low_" + share, column + "_high_" + share
}

// Tunings are those of all heads; nil where nothing was fitted.
type Tunings []Tuning

// Tune gives a net what was fitted, for each head; nil takes it away.
func Tune(n *Network, list Tunings) {
	n.Tuning, n.Heads = list, slices.Clone(n.Heads)
	for k := range n.Heads {
		if n.Heads[k].Threshold = 0; k < len(list) {
			n.Heads[k].Threshold = list[k].Threshold
		}
	}
}

// Intervals are those of the numbers of head k.
func (l Tunings) Intervals(k int) []Interval {
	if k < len(l) {
		return l[k].Intervals
	}
	return nil
}

// temperature is that of head k, 0 where there is none.
func (l Tunings) temperature(k int) float64 {
	if k < len(l) {
		return l[k].Temperature
	}
	return 0
}

// Asked reports whether anything is to be fitted.
func (s *TuningSettings) Asked() bool {
	return s.Calibration != "none" || s.Threshold != nil || len(s.Intervals) > 0
}

// Calibrates reports whether the probabilities of head k are made of scores that a temperature may divide.
func Calibrates(n *Network, k int) bool {
	l, _ := n.Loss(k)
	h := &n.Heads[k]
	return l != nil && loss.Calibrates(l) && !h.Generated() && !h.Aligned() && (h.Kind == task.Category || h.Kind == task.Binary)
}

// checkTuning notes what no head or no split is there for.
func checkTuning(j *Job, p *spec.Problems) {
	s := &j.Config.Train.TuningSettings
	if p.Under("dataset") || p.Under("train") || p.Under("loss") || !s.Asked() {
		return
	}
	for i, share := range s.Intervals {
		low, _ := Interval{Coverage: share}.Bounds("")
		if slices.ContainsFunc(s.Intervals[:i], func(other float64) bool { l, _ := Interval{Coverage: other}.Bounds(""); return l == low }) {
			p.Add("train.intervals", "duplicate %v", share)
		}
	}
	var binary, classes, numbers bool
	for k := range j.Heads {
		h := &j.Heads[k]
		if !h.Known() {
			return
		}
		binary, numbers = binary || h.Kind == task.Binary && !h.Sequence(), numbers || h.Kind == task.Number
		classes = classes || Calibrates(&j.Network, k)
		if s.Threshold != nil && s.Threshold.Metric != nil && h.Kind == task.Binary {
			if err := s.Threshold.Metric.Fits(*h); err != nil {
				p.Add("train.threshold.metric", "%v", err)
			} else if s.Threshold.Metric.Goal() == metrics.NoGoal {
				p.Add("train.threshold.metric", "is not one number, which a threshold could make best")
			} else if !metrics.Decides(s.Threshold.Metric, *h) {
				p.Add("train.threshold.metric", "no threshold changes %s, which judges probabilities; take one of %s", metrics.Names([]metrics.Metric{s.Threshold.Metric})[0], strings.Join(metrics.Deciding(*h), ", "))
			}
		}
	}
	for _, one := range []struct {
		key         string
		asked, fits bool
		needs       string
	}{
		{"calibration", s.Calibration != "none", classes, "a target of classes and a loss on raw scores, such as cross_entropy"},
		{"threshold", s.Threshold != nil, binary, "a binary target"},
		{"intervals", len(s.Intervals) > 0, numbers, "a target of numbers"},
	} {
		switch at := "train." + one.key; {
		case !one.asked:
		case !one.fits:
			p.Add(at, "needs %s", one.needs)
		case j.Data.Validation == nil && j.Data.Train != nil:
			p.Add(at, "is fitted on the validation split, and there is none")
		}
	}
}
