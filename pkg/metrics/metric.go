// Package metrics measures predictions against the truth: accuracy, F1, ROC AUC, RMSE and so on.
//
// A metric is computed over a whole set of rows, never averaged over batches, and accumulates in float64. Rows are taken
// in the order in which they come, so that the cut into batches changes no bit of a result. Definitions and undefined
// cases are scikit-learn's; where it refuses to answer (no rows, a prediction that is not a number) the result is NaN.
//
// The settings of a metric (Metric) make its Accumulator for a task.Head. Metrics that are read off the same statistic, such
// as all that come from a confusion matrix, share it within a Set.
package metrics

import (
	"dnn/internal/registry"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// Registry holds the metrics, one per file, as prototypes of their settings.
var Registry = registry.New[Metric]("metric")

func init() { spec.RegisterKinds(Registry, spec.KindOptions{}) }

// Metric is the settings of one metric as written in a spec: a pointer to a struct with spec tags.
type Metric interface {
	// Fits returns nil when the metric can be computed for the task, else the reason, fit to be shown to the user.
	Fits(t task.Head) error
	// Goal tells which way a better model moves the metric.
	Goal() Goal
	// New returns an empty accumulator. The task must fit.
	New(t task.Head) Accumulator
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
	keys := map[task.Kind][]string{
		task.Number:   {"rmse", "mae", "r2"},
		task.Binary:   {"accuracy", "precision", "recall", "f1", "roc_auc"},
		task.Category: {"accuracy", "f1"},
		task.Labels:   {"accuracy", "f1"},
	}[t.Kind]
	list := make([]Metric, len(keys))
	for i, key := range keys {
		list[i] = spec.New[Metric](key)
	}
	return list
}
