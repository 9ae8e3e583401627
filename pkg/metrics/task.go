package metrics

import (
	"fmt"
	"strconv"
)

// Kind is the sort of thing a model predicts.
type Kind string

const (
	Regression Kind = "regression"
	Binary     Kind = "binary"
	MultiClass Kind = "multi_class"
	MultiLabel Kind = "multi_label"
)

// Task says what the numbers of a Batch mean.
type Task struct {
	Kind      Kind
	Classes   []string // class names (the negative one first when binary) or label names
	Targets   []string // names of the target columns
	Threshold float64  // binary and multi_label: positive from this probability on; 0 means 0.5
	Series    bool     // regression: the targets are the next values of series
	// Naive holds, by season, the mean absolute error that the seasonal naive forecast has in the training part, for each
	// target in its own unit.
	Naive map[int][]float64
	Steps bool // the rows of a batch are the steps of sequences
}

// Positive decides for a probability, as roc_curve and FixedThresholdClassifier of scikit-learn do: p ≥ threshold.
func (t Task) Positive(p float64) bool {
	if t.Threshold == 0 {
		return p >= 0.5
	}
	return p >= t.Threshold
}

// Argmax decides for one row of class probabilities: the most probable class, the first one among equals, as numpy does.
// It returns -1 when one of them is not a number.
func Argmax(p []float64) int {
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
func (t Task) labels() []string {
	if t.Kind == Binary && len(t.Classes) != 2 {
		return []string{"0", "1"}
	}
	return t.Classes
}

// known reports whether the classes are: a mistake in the data may keep them from being so while a spec is checked.
func (t Task) known() bool { return t.Kind != MultiClass || len(t.Classes) > 0 }

// columns is the number of predictions per row.
func (t Task) columns() int {
	switch t.Kind {
	case Binary:
		return 1
	case Regression:
		return max(1, len(t.Targets))
	}
	return len(t.Classes)
}

// target names the target in messages.
func (t Task) target() string {
	switch {
	case len(t.Targets) == 0:
		return "the target"
	case len(t.Targets) == 1:
		return "the target " + t.Targets[0]
	}
	return "each of the targets " + t.Targets[0] + ", …"
}

// what says in messages what the task predicts.
func (t Task) what() string {
	switch t.Kind {
	case Regression:
		return t.target() + " is a number"
	case Binary:
		return t.target() + " is yes or no"
	case MultiClass:
		if !t.known() {
			return t.target() + " is one of several classes"
		}
		return fmt.Sprintf("%s is one of %d classes", t.target(), len(t.Classes))
	case MultiLabel:
		return fmt.Sprintf("%s is any of %d labels", t.target(), len(t.Classes))
	}
	return t.target() + " is of kind " + strconv.Quote(string(t.Kind))
}

// needsClasses is Fits for metrics of classes and labels alike.
func needsClasses(key string, t Task) error {
	switch t.Kind {
	case Binary, MultiClass, MultiLabel:
		return nil
	}
	return fmt.Errorf("%s needs classes; %s (try r2)", key, t.what())
}

// needsOneClass is Fits for metrics of tasks in which each row has exactly one class.
func needsOneClass(key string, t Task) error {
	if t.Kind == MultiLabel {
		return fmt.Errorf("%s needs one class per row; %s (try f1)", key, t.what())
	}
	return needsClasses(key, t)
}

// needsNumbers is Fits for metrics of regression.
func needsNumbers(key string, t Task) error {
	if t.Kind == Regression {
		return nil
	}
	return fmt.Errorf("%s needs a number as target; %s (try accuracy)", key, t.what())
}
