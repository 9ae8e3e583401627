// Package loss says how far the net's output is from the labels, as graph nodes: one number for each row, which training
// makes small.
//
// Losses over probabilities work on raw scores (logits) and apply the softmax or sigmoid themselves: only so they stay
// exact and finite for scores of any size. Predict turns scores into the probabilities that metrics and users see.
package loss

import (
	"dnn/internal/registry"
	"dnn/pkg/graph"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// Loss is the settings of one kind: a pointer to a struct with spec tags. It is a RowLoss or an Aligning one.
type Loss interface {
	// Check notes at "loss" what does not fit between the loss, the target and the net's output. Mistakes noted already may
	// leave only a part of it known: a Head says which, and an output that is fed has an end that is not known, and with no
	// axes no shape either.
	Check(t task.Head, out *graph.Value, p *spec.Problems)
	// Predict turns the net's output into what it predicts: probabilities, or the values themselves; of an Aligning loss the
	// logarithms of the probabilities at each step.
	Predict(b *graph.Builder, t task.Head, out *graph.Value) *graph.Value
	// Cases are examples of the kind, at least one for each kind of target that it fits.
	Cases() []Case
}

// RowLoss is a loss of what a net puts out for each row, or for each step that has a label.
type RowLoss interface {
	Loss
	// Rows adds the loss of each row and the row's weight in the mean, both [batch]; a nil weight is one. The loss of the
	// step is Σ weight·loss / Σ weight, the weights of samples multiplying weight.
	//
	// out is [batch, width], or [batch, steps, classes] for sequences. label is int32 [batch] ([batch, steps]) for a
	// category, and float32 [batch, width] for numbers and for binary (0 or 1).
	Rows(b *graph.Builder, t task.Head, out, label *graph.Value) (loss, weight *graph.Value)
}

// Aligning is a loss that spreads the labels of a text over the steps that the net puts out.
type Aligning interface {
	Loss
	// Aligned adds the loss of each row, [batch]. out is [batch, steps, classes], and steps, int32 [batch], says how many of them
	// each row has, all where it is nil. label is int32 [batch, most], and count, int32 [batch], says how many labels a row has.
	Aligned(b *graph.Builder, out, steps, label, count *graph.Value) *graph.Value
	// TakesShort reports whether rows with too few steps for their labels may be among those of a training.
	TakesShort() bool
}

// Case is an example of a loss: that of one row, to six digits.
type Case struct {
	Spec       string
	Kind       task.Kind
	Out, Label []float64 // of a category, Label is the number of the class
	Loss       float64
}

// Defaulter is implemented by losses that a spec without a loss gets.
type Defaulter interface {
	// DefaultFor reports whether the loss is the default for a head.
	DefaultFor(t task.Head) bool
}

// Registry holds the losses, one per file.
var Registry = registry.New[Loss]("loss")

func init() { spec.RegisterKinds(Registry, spec.KindOptions{}) }

// Default is the key of the loss for a spec that names none. Exactly one kind is the default for any head.
func Default(t task.Head) string {
	for _, k := range Registry.Kinds() {
		if d, ok := k.Value.(Defaulter); ok && d.DefaultFor(t) {
			return k.Key
		}
	}
	panic("loss: no default for a target of kind " + string(t.Kind))
}

// logical reports whether the head predicts one label or several, with a sigmoid for each.
func logical(t task.Head) bool { return t.Kind == task.Binary || t.Kind == task.Labels }

// weighed are what class weights are for, and their rows in the training split: the classes, or several labels.
func weighed(t task.Head) (names []string, rows []float64) {
	if t.Kind == task.Labels {
		return t.Classes, nil
	}
	return t.Classes, t.Training.Counts
}

// yeses are the rows in which each label of a binary target holds; nil when they were not counted.
func yeses(t task.Head) []float64 {
	if t.Width == 1 && len(t.Training.Counts) == 2 {
		return t.Training.Counts[1:]
	}
	if len(t.Training.Counts) != t.Width {
		return nil
	}
	return t.Training.Counts
}
