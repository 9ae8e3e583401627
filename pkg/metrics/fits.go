package metrics

import (
	"fmt"
	"strconv"

	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// Positive decides for a probability, as roc_curve and FixedThresholdClassifier of scikit-learn do: p ≥ threshold.
func Positive(t task.Head, p float64) bool {
	if t.Threshold == 0 {
		return p >= 0.5
	}
	return p >= t.Threshold
}

// Decides reports whether a metric, which must fit, judges the classes that are decided for, and not probabilities.
func Decides(m Metric, t task.Head) bool {
	r, ok := m.(RowMetric)
	if !ok {
		return false
	}
	_, ok = r.New(t).(*view[*Confusion])
	return ok
}

// Deciding lists the metrics with one number for which Decides holds.
func Deciding(t task.Head) (keys []string) {
	for _, key := range Registry.Keys() {
		if m := spec.New[Metric](key); m.Fits(t) == nil && m.Goal() != NoGoal && Decides(m, t) {
			keys = append(keys, key)
		}
	}
	return keys
}

// Argmax decides for one row of class probabilities: the most probable class, the first one among equals, as numpy does.
// It returns -1 when one of them is not a number.
func Argmax[T float32 | float64](p []T) int {
	best := 0
	for i, x := range p {
		if x != x {
			return -1
		}
		if x > p[best] {
			best = i
		}
	}
	return best
}

// labels returns the names of the classes or labels; a binary task may leave them out.
func labels(t task.Head) []string {
	if t.Kind == task.Binary && len(t.Classes) != 2 {
		return []string{"0", "1"}
	}
	return t.Classes
}

// known reports whether the classes are: a mistake in the data may keep them from being so while a spec is checked.
func known(t task.Head) bool { return t.Kind != task.Category || len(t.Classes) > 0 }

// columns is the number of predictions per row.
func columns(t task.Head) int {
	switch t.Kind {
	case task.Binary:
		return 1
	case task.Number:
		return max(1, len(t.Columns))
	}
	return len(t.Classes)
}

// target names the target in messages.
func target(t task.Head) string {
	switch {
	case len(t.Columns) == 0:
		return "the target"
	case len(t.Columns) == 1:
		return "the target " + t.Columns[0]
	}
	return "each of the targets " + t.Columns[0] + ", …"
}

// what says in messages what the task predicts.
func what(t task.Head) string {
	switch t.Kind {
	case task.Number:
		return target(t) + " is a number"
	case task.Binary:
		return target(t) + " is yes or no" + t.Because()
	case task.Category:
		if !known(t) {
			return target(t) + " is one of several classes"
		}
		return fmt.Sprintf("%s is one of %d classes", target(t), len(t.Classes))
	case task.Labels:
		return fmt.Sprintf("%s is any of %d labels", target(t), len(t.Classes))
	}
	return target(t) + " is of kind " + strconv.Quote(string(t.Kind))
}

// Misfit says why a metric is not for a head.
type Misfit struct {
	Metric string // its key
	Why    string // what it needs and what the head predicts; the same for all metrics with the same need
}

func (m *Misfit) Error() string { return m.Metric + " " + m.Why }

func misfit(key, why string, args ...any) error { return &Misfit{key, fmt.Sprintf(why, args...)} }

// needsClasses is Fits for metrics of classes and labels alike.
func needsClasses(key string, t task.Head) error {
	switch t.Kind {
	case task.Binary, task.Category, task.Labels:
		if t.Aligned() {
			return misfit(key, "judges a class for each step, and the loss aligns the labels of %s with the steps (try character_error_rate)", target(t))
		}
		return nil
	}
	return misfit(key, "needs classes; %s (try r2)", what(t))
}

// needsOneClass is Fits for metrics of tasks in which each row has exactly one class.
func needsOneClass(key string, t task.Head) error {
	if t.Kind == task.Labels {
		return misfit(key, "needs one class per row; %s (try f1)", what(t))
	}
	return needsClasses(key, t)
}

// needsNumbers is Fits for metrics of regression.
func needsNumbers(key string, t task.Head) error {
	if t.Kind == task.Number {
		return nil
	}
	return misfit(key, "needs a number as target; %s (try accuracy)", what(t))
}

// needsSteps is Fits for metrics of targets with a label for each step.
func needsSteps(key string, t task.Head) error {
	if t.Sequence() {
		return nil
	}
	return misfit(key, "needs a label for each step of a sequence; %s for the whole row (try accuracy)", what(t))
}

// needsTexts is Fits for metrics of texts that a net writes.
func needsTexts(key string, t task.Head) error {
	if t.Kind == task.Category && t.Text() {
		if t.Axis.Continues {
			return misfit(key, "compares whole texts, and a language model predicts the next token of a text (try perplexity)")
		}
		return nil
	}
	return misfit(key, "needs a text that the net writes; %s (use it with a target of type: text)", what(t))
}
