// Package metrics measures predictions against labels: accuracy, F1, ROC AUC, RMSE and so on.
//
// A metric is computed over a whole set of rows, never averaged over batches, and accumulates in float64. Rows are taken
// in the order in which they come, so that the cut into batches changes no bit of a result. Definitions and undefined
// cases are scikit-learn's; where it refuses to answer (no rows, a prediction that is not a number) the result is NaN.
//
// The settings of a metric (Metric) make its Accumulator for a task.Head. Metrics that are read off the same statistic, such
// as all that come from a confusion matrix, share it within a Set. Some metrics judge texts that a net wrote (TextMetric)
// instead of numbers; they are as the reference packages have them, sacrebleu, rouge-score and jiwer.
package metrics

import (
	"cmp"
	"slices"

	"dnn/internal/registry"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// Registry holds the metrics, one per file, as prototypes of their settings.
var Registry = registry.New[Metric]("metric")

func init() { spec.RegisterKinds(Registry, spec.KindOptions{}) }

// Metric is the settings of one metric as written in a spec: a pointer to a struct with spec tags. It is a RowMetric or a
// TextMetric.
type Metric interface {
	// Fits returns nil when the metric can be computed for the task, else a *Misfit.
	Fits(t task.Head) error
	// Goal tells which way a better model moves the metric.
	Goal() Goal
	// Cases are examples of the kind, for every kind of target that it fits.
	Cases() []Case
}

// RowMetric is a metric of what a net puts out for each row, or each step.
type RowMetric interface {
	Metric
	// New returns an empty accumulator. The task must fit.
	New(t task.Head) Accumulator
}

// Defaulter is implemented by metrics that a spec without metrics gets.
type Defaulter interface {
	// DefaultPlace is the metric's place in the list of defaults for the task, from 1, or 0 when it is none of them.
	DefaultPlace(t task.Head) int
}

// Accumulator takes rows and gives the value of a metric over all rows so far. It is not safe for concurrent use.
type Accumulator interface {
	Add(b Batch)
	Result() Result // may be asked for at any time, and more rows may follow
}

// Goal is the direction of improvement.
type Goal int

const (
	NoGoal Goal = iota // not a single number: cannot be monitored
	Higher
	Lower
)

// HigherIsBetter reports whether a better model has a higher value of m. It is meaningless for a metric without a goal.
func HigherIsBetter(m Metric) bool { return m.Goal() == Higher }

// Default lists the metrics for a spec that names none.
func Default(t task.Head) []Metric {
	place := func(m Metric) int {
		if d, ok := m.(Defaulter); ok {
			return d.DefaultPlace(t)
		}
		return 0
	}
	var list []Metric
	for _, key := range Registry.Keys() {
		if m := spec.New[Metric](key); place(m) > 0 {
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b Metric) int { return cmp.Compare(place(a), place(b)) })
	return list
}

// placed is the place when the condition holds.
func placed(holds bool, place int) int {
	if holds {
		return place
	}
	return 0
}
